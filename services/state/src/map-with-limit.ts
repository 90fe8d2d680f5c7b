/**
 * Maps items with at most `limit` calls in flight.
 *
 * After a failure no further call starts, and those in flight are awaited, so that nothing goes on behind the
 * caller's back.
 *
 * @returns the results in the order of the items
 * @throws the first error of a call, after all calls have ended
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
