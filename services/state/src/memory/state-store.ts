import type { Trade } from '@oncefold/reducer';
import type { StateStore, VersionWrite, WriteResult } from '../state-store.ts';

/** What a memory table holds of a trade. */
interface MemoryVersion {
  readonly trade: Trade;
  readonly recordId: string;
}

/** A state table in memory, with a view of what it holds. */
export interface MemoryStateStore extends StateStore {
  /** Versions by trade id; deleting one is a removal as by TTL. */
  readonly items: Map<string, MemoryVersion>;
}

/**
 * Creates a state table in memory that keeps the promises of {@link StateStore}.
 *
 * @param options - `writesMax`: how many writes one call takes, 25 by default as in DynamoDB
 * @returns the store
 */
export function createMemoryStateStore(options: { readonly writesMax?: number } = {}): MemoryStateStore {
  const items = new Map<string, MemoryVersion>();
  const writesMax = options.writesMax ?? 25;
  return {
    items,
    writesMax,
    async write(writes, signal) {
      if (writes.length === 0 || writes.length > writesMax)
        throw new RangeError(`A call takes 1 to ${writesMax} writes.`);
      if (new Set(writes.map(({ trade }) => trade.tradeId)).size < writes.length) {
        throw new RangeError('Two writes of one call are for the same trade.');
      }
      if (signal.aborted) return writes.map(() => ({ code: 'unavailable', reason: 'AbortError' }));
      return writes.map((write) => writeOne(items, write));
    },
  };
}

function writeOne(items: Map<string, MemoryVersion>, { mode, trade, recordId }: VersionWrite): WriteResult {
  const standing = items.get(trade.tradeId);
  if (mode === 'insert' && standing !== undefined) return { code: 'exists' };
  if (mode === 'update' && standing === undefined) return { code: 'absent' };
  if (standing !== undefined && standing.trade.version >= trade.version) {
    return { code: 'kept', stored: { version: standing.trade.version, ...standing } };
  }
  items.set(trade.tradeId, { trade, recordId });
  return { code: 'written' };
}
