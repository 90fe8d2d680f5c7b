import type { Attempts } from './attempts.ts';

/** Throttled, in conflict, failed or aborted: a write may or may not have been done, and the request may be sent again. */
export interface Unavailable {
  readonly code: 'unavailable';
  readonly reason: string;
}

export interface RequestOptions {
  /** The attempts of this phase of the invocation. */
  readonly attempts: Attempts;
  /** Requests in flight at once, 1 or more. */
  readonly requestsMax: number;
}

/** A request for several items; it gives one result per item, in their order, and throws when it is refused itself. */
interface Request<Item, Result> {
  readonly itemsMax: number;
  send(items: readonly Item[], signal: AbortSignal): Promise<readonly Result[]>;
}

/** Sends any number of items once, in as many requests as they need. */
export async function requestOnce<Item, Result>(
  items: readonly Item[],
  { itemsMax, send }: Request<Item, Result>,
  { attempts, requestsMax }: RequestOptions,
): Promise<{ readonly item: Item; readonly result: Result }[]> {
  const chunks = await mapWithLimit(chunksOf(items, itemsMax), requestsMax, async (chunk) => {
    const results = await send(chunk, attempts.signal);
    return chunk.map((item, index) => {
      const result = results[index];
      if (result === undefined) {
        throw new Error('A list of results is shorter than promised.');
      }
      return { item, result };
    });
  });
  return chunks.flat();
}

/** Sends different items, and again those that are unavailable; the result of these is `unavailable` when time is over. */
export async function requestAll<Item, Result extends { readonly code: string }>(
  items: readonly Item[],
  request: Request<Item, Result>,
  options: RequestOptions,
): Promise<ReadonlyMap<Item, Result>> {
  const results = new Map<Item, Result>();
  let open = items;
  while (open.length > 0) {
    for (const { item, result } of await requestOnce(open, request, options)) {
      results.set(item, result);
    }
    open = open.filter((item) => results.get(item)?.code === 'unavailable');
    if (open.length > 0 && !(await options.attempts.again())) {
      break;
    }
  }
  return results;
}

/**
 * Maps items with at most `limit` calls in flight.
 *
 * After a failure no further call starts, and those in flight are awaited, so that nothing goes on behind the
 * caller's back.
 *
 * @returns the results in the order of the items
 */
export async function mapWithLimit<Item, Result>(
  items: readonly Item[],
  limit: number,
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      try {
        results[index] = await map(items[index] as Item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  if (failures.length > 0) {
    throw failures[0];
  }
  return results;
}

/** Cuts a list into pieces of `size` items; the last may be shorter. */
export function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = [];
  for (let start = 0; start < items.length; start += size) {
    chunks.push(items.slice(start, start + size));
  }
  return chunks;
}
