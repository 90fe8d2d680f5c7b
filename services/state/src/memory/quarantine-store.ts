import type { QuarantineItem } from '@oncefold/quarantine';
import type { QuarantineStore } from '../quarantine-store.ts';

/** A quarantine table in memory, with a view of what it holds. */
export interface MemoryQuarantineStore extends QuarantineStore {
  /** Items by `<part>#<source>`. */
  readonly items: ReadonlyMap<string, QuarantineItem>;
}

/**
 * Creates a quarantine table in memory that keeps the promises of {@link QuarantineStore}.
 *
 * @returns the store
 */
export function createMemoryQuarantineStore(): MemoryQuarantineStore {
  const standing = new Map<string, QuarantineItem>();
  const itemsMax = 25;
  return {
    items: standing,
    itemsMax,
    async put(items, signal) {
      if (items.length === 0 || items.length > itemsMax) {
        throw new RangeError(`A call takes 1 to ${itemsMax} items.`);
      }
      if (signal.aborted) return items.map(() => ({ code: 'unavailable', reason: 'AbortError' }));
      for (const item of items) standing.set(`${item.key.Part.N}#${item.key.Source.S}`, item);
      return items.map(() => ({ code: 'written' }));
    },
  };
}
