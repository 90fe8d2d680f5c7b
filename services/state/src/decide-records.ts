import type { VersionStore } from './state-store.ts';
import type { StreamRecord, ValidRecord } from './stream-record.ts';
import { type UpsertOptions, type UpsertOutcome, upsertTrades } from './upsert-trades.ts';

/** A record, and all that is known about what becomes of it. */
export interface DecidedRecord {
  readonly record: StreamRecord;
  readonly decision: Decision;
}

/** What becomes of a record. */
export type Decision =
  | { readonly outcome: 'applied' | 'duplicate' | 'stale' }
  | {
      readonly outcome: 'conflict' | 'quarantined';
      /** A literal that says what is wrong. */
      readonly reason: string;
      /** Name of the field that is wrong, or a literal that says more; empty where there is no more to say. */
      readonly detail: string;
    }
  /** It is not known, and the record is to be delivered again. */
  | { readonly outcome: 'failed'; readonly reason: string };

/**
 * The reason under which a version is quarantined that meets an equal version with another payload. A redelivery looks for
 * it in the table.
 */
export const VERSION_CONFLICT = 'version-conflict';

/**
 * Writes the versions that the records bring, and decides what becomes of each record.
 *
 * @param records - the records of a batch in their order
 * @param store - the state table
 * @param options - {@link UpsertOptions}
 * @returns the records in their order; those to be quarantined are not quarantined yet
 * @throws what {@link upsertTrades} throws
 */
export async function decideRecords(
  records: readonly StreamRecord[],
  store: VersionStore,
  options: UpsertOptions,
): Promise<DecidedRecord[]> {
  const outcomes = await upsertTrades(records.filter(isValid), store, options);
  return records.map((record): DecidedRecord => {
    if (record.code === 'invalid') {
      const { reason, detail = '' } = record;
      return { record, decision: { outcome: 'quarantined', reason, detail } };
    }
    const outcome = outcomes.get(record);
    if (outcome === undefined) {
      throw new Error('A version has no outcome.');
    }
    return { record, decision: decisionOf(outcome) };
  });
}

function isValid(record: StreamRecord): record is ValidRecord {
  return record.code === 'valid';
}

function decisionOf(upserted: UpsertOutcome): Decision {
  switch (upserted.code) {
    case 'applied':
    case 'duplicate':
    case 'stale':
      return { outcome: upserted.code };
    case 'conflict':
      return { outcome: 'conflict', reason: VERSION_CONFLICT, detail: 'Version' };
    case 'unreadable':
      return { outcome: 'quarantined', reason: 'unreadable-state', detail: '' };
    case 'unwritable':
      return { outcome: 'quarantined', reason: 'unwritable-state', detail: '' };
    case 'failed':
      return { outcome: 'failed', reason: upserted.reason };
  }
}
