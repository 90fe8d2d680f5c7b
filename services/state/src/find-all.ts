import type { Attempts } from './attempts.ts';
import { chunksOf, mapWithLimit } from './map-with-limit.ts';

/** Options of {@link findAll}. */
export interface FindOptions {
  /** The tries of this phase of the invocation. */
  readonly attempts: Attempts;
  /** Requests under way at once, 1 or more. */
  readonly requestsMax: number;
}

interface Unavailable {
  readonly code: 'unavailable';
  readonly reason: string;
}

/** What answers for many keys in one request. */
interface Finder<Result> {
  /** How many keys one call of `find` takes. */
  readonly keysMax: number;
  find(keys: readonly string[], signal: AbortSignal): Promise<readonly Result[]>;
}

/**
 * Asks a store about any number of keys, and asks again about those of which it could not say anything.
 *
 * @param keys - different keys; where there are none, nothing is asked
 * @param store - the store
 * @param options - {@link FindOptions}
 * @returns the result of each key; `unavailable` where it could not be found out in time
 * @throws what the store throws
 */
export async function findAll<Result extends { readonly code: string }>(
  keys: readonly string[],
  store: Finder<Result>,
  { attempts, requestsMax }: FindOptions,
): Promise<ReadonlyMap<string, Result | Unavailable>> {
  const found = new Map<string, Result | Unavailable>();
  let open = keys;
  while (open.length > 0) {
    await mapWithLimit(chunksOf(open, store.keysMax), requestsMax, async (chunk) => {
      const results = await store.find(chunk, attempts.signal);
      for (const [place, key] of chunk.entries()) {
        found.set(key, results[place] ?? { code: 'unavailable', reason: 'no answer' });
      }
    });
    open = open.filter((key) => found.get(key)?.code === 'unavailable');
    if (open.length > 0 && !(await attempts.again())) {
      break;
    }
  }
  return found;
}
