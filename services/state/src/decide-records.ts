import type { DecidedRecord } from './decided-record.ts';
import type { RequestOptions } from './request-all.ts';
import type { VersionStore } from './state-store.ts';
import type { StreamRecord } from './stream-record.ts';
import { upsertTrades } from './upsert-trades.ts';

/**
 * Writes the versions that the records bring, and decides what becomes of each record.
 *
 * @param records - the records of a batch in their order
 * @returns the records in their order; those to be quarantined are not quarantined yet
 * @throws what the store throws
 */
export async function decideRecords(
  records: readonly StreamRecord[],
  store: VersionStore,
  options: RequestOptions,
): Promise<DecidedRecord[]> {
  const decisions = await upsertTrades(
    records.filter((record) => record.code === 'valid'),
    store,
    options,
  );
  return records.map((record): DecidedRecord => {
    if (record.code === 'invalid') {
      const { reason, detail = '' } = record;
      return { record, decision: { outcome: 'quarantined', reason, detail } };
    }
    const decision = decisions.get(record);
    if (decision === undefined) {
      throw new Error('A version was not decided.');
    }
    return { record, decision };
  });
}
