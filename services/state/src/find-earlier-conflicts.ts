import type { Attempts } from './attempts.ts';
import { type DecidedRecord, VERSION_CONFLICT } from './decide-records.ts';
import { chunksOf, mapWithLimit } from './map-with-limit.ts';
import type { FindResult, QuarantineStore } from './quarantine-store.ts';

/** Options of {@link findEarlierConflicts}. */
export interface FindOptions {
  /** The tries of this phase of the invocation. */
  readonly attempts: Attempts;
  /** Requests under way at once, 1 or more. */
  readonly requestsMax: number;
}

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

async function findAll(
  recordKeys: readonly string[],
  store: QuarantineStore,
  { attempts, requestsMax }: FindOptions,
): Promise<ReadonlyMap<string, FindResult>> {
  const found = new Map<string, FindResult>();
  let open = recordKeys;
  while (open.length > 0) {
    await mapWithLimit(chunksOf(open, store.keysMax), requestsMax, async (keys) => {
      const results = await store.find(keys, attempts.signal);
      for (const [place, key] of keys.entries()) {
        found.set(key, results[place] ?? { code: 'unavailable', reason: 'no answer' });
      }
    });
    open = open.filter((key) => found.get(key)?.code === 'unavailable');
    if (open.length > 0 && !(await attempts.again())) break;
  }
  return found;
}
