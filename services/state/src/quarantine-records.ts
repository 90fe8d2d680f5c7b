import { type QuarantineItem, quarantineItems } from '@oncefold/function-kit';
import type { Attempts } from './attempts.ts';
import type { DecidedRecord } from './decide-records.ts';
import { chunksOf, mapWithLimit } from './map-with-limit.ts';
import type { QuarantineStore } from './quarantine-store.ts';

/** Options of {@link quarantineRecords}. */
export interface QuarantineOptions {
  /** The tries of this phase of the invocation. */
  readonly attempts: Attempts;
  /** Requests under way at once, 1 or more. */
  readonly requestsMax: number;
}

/** Why the items of a record could not be put, by the record's key. */
type Failures = ReadonlyMap<string, string>;

/**
 * Quarantines the records that are to be, with their raw bytes, whole.
 *
 * Items are keyed by the record's identity, so that a redelivery writes the same items again. Part 0 is written when all
 * other parts of its record are there: where it is, the record is complete.
 *
 * @param decided - the records of a batch
 * @param store - the quarantine table
 * @param options - {@link QuarantineOptions}
 * @returns the records in their order; one of which some part could not be put in time is `failed`
 * @throws what the store throws
 */
export async function quarantineRecords(
  decided: readonly DecidedRecord[],
  store: QuarantineStore,
  options: QuarantineOptions,
): Promise<DecidedRecord[]> {
  const records = decided.flatMap(({ record, decision }) => {
    if (decision.outcome !== 'conflict' && decision.outcome !== 'quarantined') {
      return [];
    }
    const { reason, detail } = decision;
    const [head, ...parts] = quarantineItems({
      identity: record.identity,
      reason,
      detail,
      payload: record.bytes,
    });
    return [{ head, parts }];
  });
  const partFailures = await putAll(
    records.flatMap(({ parts }) => parts),
    store,
    options,
  );
  const headFailures = await putAll(
    records.flatMap(({ head }) => (partFailures.has(head.key.Source.S) ? [] : [head])),
    store,
    options,
  );
  return decided.map(({ record, decision }): DecidedRecord => {
    const reason = partFailures.get(record.recordKey) ?? headFailures.get(record.recordKey);
    return { record, decision: reason === undefined ? decision : { outcome: 'failed', reason } };
  });
}

async function putAll(
  items: readonly QuarantineItem[],
  store: QuarantineStore,
  { attempts, requestsMax }: QuarantineOptions,
): Promise<Failures> {
  let open = items;
  while (open.length > 0) {
    const answers = await mapWithLimit(chunksOf(open, store.itemsMax), requestsMax, async (chunk) => {
      const results = await store.put(chunk, attempts.signal);
      return chunk.flatMap((item, place) => {
        const result = results[place] ?? { code: 'unavailable', reason: 'no answer' };
        return result.code === 'written' ? [] : [{ item, reason: result.reason }];
      });
    });
    const unavailable = answers.flat();
    if (unavailable.length > 0 && !(await attempts.again())) {
      return new Map(unavailable.map(({ item, reason }) => [item.key.Source.S, reason]));
    }
    open = unavailable.map(({ item }) => item);
  }
  return new Map();
}
