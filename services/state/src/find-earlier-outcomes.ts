import { type RequestOptions, requestAll } from '@oncefold/versioned-upsert';
import { hasWritten } from './compare-version.ts';
import { type DecidedRecord, versionConflict } from './decided-record.ts';
import type { QuarantineStore } from './quarantine-store.ts';
import type { StateStore } from './state-store.ts';

/**
 * Finds the refused records that an earlier delivery has written.
 *
 * A record whose delivery failed after it was written and before it was counted may be refused when it is delivered again,
 * because other dimensions are configured by then. Its value is in the sums, so it is `applied`, and it is not quarantined.
 * The state table is read only where nothing but a configured dimension refuses a record, once for up to 100 trades.
 *
 * @returns the records in their order; a refused record of which it could not be found out in time is `failed`
 */
export async function findEarlierWrites(
  decided: readonly DecidedRecord[],
  store: Pick<StateStore, 'keysMax' | 'find'>,
  options: RequestOptions,
): Promise<DecidedRecord[]> {
  const tradeIds = new Set(decided.flatMap((one) => tradeIdOf(one) ?? []));
  const found = await requestAll([...tradeIds], { itemsMax: store.keysMax, send: store.find }, options);
  return decided.map((one): DecidedRecord => {
    const { record } = one;
    const result = found.get(tradeIdOf(one) ?? '');
    if (result?.code === 'unavailable') {
      return { record, decision: { outcome: 'failed', reason: result.reason } };
    }
    if (result?.code === 'found' && hasWritten(record, result.writers)) {
      return { record, decision: { outcome: 'applied' } };
    }
    return one;
  });
}

/** The trade of a record that may have been valid by other dimensions; a trade's id is never empty. */
function tradeIdOf({ record }: DecidedRecord): string | undefined {
  return record.code === 'invalid' ? record.tradeId : undefined;
}

/**
 * Finds the stale records that an earlier delivery has quarantined as conflicts.
 *
 * A record that met another payload of its version is a conflict, and stays one when its delivery fails before it is
 * counted and a higher version is written meanwhile. The trade no longer shows it; the quarantine table does. It is
 * read only where a batch has stale records, once for up to 100 of them.
 *
 * @returns the records in their order; a stale record of which it could not be found out in time is `failed`
 */
export async function findEarlierConflicts(
  decided: readonly DecidedRecord[],
  store: QuarantineStore,
  options: RequestOptions,
): Promise<DecidedRecord[]> {
  const stale = decided.filter(({ decision }) => decision.outcome === 'stale');
  const keys = stale.map(({ record }) => record.recordKey);
  const found = await requestAll(keys, { itemsMax: store.keysMax, send: store.find }, options);
  return decided.map((one): DecidedRecord => {
    const { record, decision } = one;
    const result = decision.outcome === 'stale' ? found.get(record.recordKey) : undefined;
    if (result?.code === 'unavailable') {
      return { record, decision: { outcome: 'failed', reason: result.reason } };
    }
    if (result?.code === 'found' && result.reason === versionConflict.reason) {
      return { record, decision: versionConflict };
    }
    return one;
  });
}
