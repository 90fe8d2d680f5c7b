import { hasWritten } from './compare-version.ts';
import type { DecidedRecord } from './decide-records.ts';
import { type FindOptions, findAll } from './find-all.ts';
import type { StateStore } from './state-store.ts';

/**
 * Finds the refused records that an earlier delivery has written.
 *
 * A record whose delivery failed after it was written and before it was counted may be refused when it is delivered again,
 * because other dimensions are configured by then. Its value is in the sums, so it is `applied`, and it is not quarantined.
 * The state table is asked only where nothing but a configured dimension refuses a record, once for up to 100 trades.
 *
 * @param decided - the records of a batch
 * @param store - the state table
 * @param options - {@link FindOptions}
 * @returns the records in their order; a refused record of which it could not be found out in time is `failed`
 * @throws what the store throws
 */
export async function findEarlierWrites(
  decided: readonly DecidedRecord[],
  store: Pick<StateStore, 'keysMax' | 'find'>,
  options: FindOptions,
): Promise<DecidedRecord[]> {
  const tradeIds = new Set(decided.flatMap((one) => tradeIdOf(one) ?? []));
  const found = await findAll([...tradeIds], store, options);
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
