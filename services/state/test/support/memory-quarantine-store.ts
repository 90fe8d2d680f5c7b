import type { QuarantineItem } from '@oncefold/middleware/quarantine';
import type { FindResult, QuarantineStore } from '../../src/quarantine-store.ts';

/** A quarantine table in memory, with a view of what it holds. */
export interface MemoryQuarantineStore extends QuarantineStore {
  /** Items by `<part>#<source>`. */
  readonly items: ReadonlyMap<string, QuarantineItem>;
}

/** Creates a quarantine table in memory that keeps the promises of {@link QuarantineStore}. */
export function createMemoryQuarantineStore(): MemoryQuarantineStore {
  const table = new Map<string, QuarantineItem>();
  const itemsMax = 25;
  const keysMax = 100;
  return {
    items: table,
    itemsMax,
    keysMax,
    async put(items, signal) {
      checkLength(items, itemsMax);
      if (signal.aborted) {
        return items.map(() => ({ code: 'unavailable', reason: 'AbortError' }));
      }
      for (const item of items) {
        table.set(`${item.key.Part.N}#${item.key.Source.S}`, item);
      }
      return items.map(() => ({ code: 'written' }));
    },
    async find(recordKeys, signal) {
      checkLength(recordKeys, keysMax);
      if (signal.aborted) {
        return recordKeys.map(() => ({ code: 'unavailable', reason: 'AbortError' }));
      }
      return recordKeys.map((key): FindResult => {
        const head = table.get(`0#${key}`);
        if (head === undefined) {
          return { code: 'absent' };
        }
        const { Reason } = head.attributes as { readonly Reason?: { readonly S: string } };
        return { code: 'found', reason: Reason?.S };
      });
    },
  };
}

function checkLength(list: readonly unknown[], most: number): void {
  if (list.length === 0 || list.length > most) {
    throw new RangeError(`A call takes 1 to ${most} items.`);
  }
}
