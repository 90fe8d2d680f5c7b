import { type QuarantineItem, quarantineItems } from '@oncefold/middleware/quarantine';
import { type RequestOptions, requestAll } from '@oncefold/versioned-upsert';
import { type DecidedRecord, refusalOf } from './decided-record.ts';
import type { QuarantineStore } from './quarantine-store.ts';

/**
 * Quarantines the records that are to be, with their raw bytes, whole.
 *
 * Items are keyed by the record's identity, so that a redelivery writes the same items again. Part 0 is written when all
 * other parts of its record are there: where it is, the record is complete.
 *
 * @returns the records in their order; one of which some part could not be put in time is `failed`
 */
export async function quarantineRecords(
  decided: readonly DecidedRecord[],
  store: QuarantineStore,
  options: RequestOptions,
): Promise<DecidedRecord[]> {
  const failures = new Map<string, string>();
  const putAll = async (items: readonly QuarantineItem[]): Promise<void> => {
    const results = await requestAll(items, { itemsMax: store.itemsMax, send: store.put }, options);
    for (const [{ key }, result] of results) {
      if (result.code === 'unavailable') {
        failures.set(key.Source.S, result.reason);
      }
    }
  };
  const items = decided.flatMap((one) => {
    const { identity, bytes: payload } = one.record;
    const refusal = refusalOf(one);
    return refusal === undefined ? [] : [quarantineItems({ identity, ...refusal, payload })];
  });
  await putAll(items.flatMap(([, ...parts]) => parts));
  await putAll(items.flatMap(([head]) => (failures.has(head.key.Source.S) ? [] : [head])));
  return decided.map((one): DecidedRecord => {
    const reason = failures.get(one.record.recordKey);
    return reason === undefined ? one : { record: one.record, decision: { outcome: 'failed', reason } };
  });
}
