import { type DecidedRecord, VERSION_CONFLICT } from './decide-records.ts';
import { type FindOptions, findAll } from './find-all.ts';
import type { QuarantineStore } from './quarantine-store.ts';

/**
 * Finds the stale records that an earlier delivery has quarantined as conflicts.
 *
 * A record that met another payload of its version is a conflict, and stays one when its delivery fails before it is
 * counted and a higher version is written meanwhile. The trade no longer shows it; the quarantine table does. It is
 * asked only where a batch has stale records, once for up to 100 of them.
 *
 * @param decided - the records of a batch
 * @param store - the quarantine table
 * @param options - {@link FindOptions}
 * @returns the records in their order; a stale record of which it could not be found out in time is `failed`
 * @throws what the store throws
 */
export async function findEarlierConflicts(
  decided: readonly DecidedRecord[],
  store: QuarantineStore,
  options: FindOptions,
): Promise<DecidedRecord[]> {
  const stale = decided.filter(({ decision }) => decision.outcome === 'stale');
  const found = await findAll(
    stale.map(({ record }) => record.recordKey),
    store,
    options,
  );
  return decided.map(({ record, decision }): DecidedRecord => {
    const result = decision.outcome === 'stale' ? found.get(record.recordKey) : undefined;
    if (result?.code === 'unavailable') {
      return { record, decision: { outcome: 'failed', reason: result.reason } };
    }
    if (result?.code === 'found' && result.reason === VERSION_CONFLICT) {
      return { record, decision: { outcome: 'conflict', reason: VERSION_CONFLICT, detail: 'Version' } };
    }
    return { record, decision };
  });
}
