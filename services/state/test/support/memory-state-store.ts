import { type Trade, tradeToItem } from '@oncefold/trades';
import type { WriteResult } from '@oncefold/versioned-upsert';
import type { FindWritersResult, StateStore, StoredVersion, VersionWrite } from '../../src/state-store.ts';
import {
  formatHistoryEntry,
  HISTORY_MAX,
  historySlot,
  type VersionHistory,
} from '../../src/version-history.ts';

/** As in DynamoDB. */
const KEYS_MAX = 100;

/** What a memory table holds of a trade. */
interface MemoryVersion {
  readonly trade: Trade;
  readonly recordId: string;
  readonly history: VersionHistory;
}

/** A state table in memory, with a view of what it holds. */
export interface MemoryStateStore extends StateStore {
  /** Versions by trade id; deleting one is a removal as by TTL. */
  readonly items: Map<string, MemoryVersion>;
}

/**
 * Creates a state table in memory that keeps the promises of {@link StateStore}.
 *
 * @param options - `writesMax`: how many writes one call takes, 25 by default as in DynamoDB; `onWritten`: is told of each
 *   version that the table has taken
 */
export function createMemoryStateStore(
  options: { readonly writesMax?: number; readonly onWritten?: (write: VersionWrite) => void } = {},
): MemoryStateStore {
  const { writesMax = 25, onWritten } = options;
  const items = new Map<string, MemoryVersion>();
  return {
    items,
    writesMax,
    async write(writes, signal) {
      if (writes.length === 0 || writes.length > writesMax) {
        throw new RangeError(`A call takes 1 to ${writesMax} writes.`);
      }
      if (new Set(writes.map(({ trade }) => trade.tradeId)).size < writes.length) {
        throw new RangeError('Two writes of one call are for the same trade.');
      }
      if (signal.aborted) {
        return writes.map(() => ({ code: 'unavailable', reason: 'AbortError' }));
      }
      return writes.map((write) => {
        const result = writeOne(items, write);
        if (result.code === 'written') {
          onWritten?.(write);
        }
        return result;
      });
    },
    keysMax: KEYS_MAX,
    async find(tradeIds, signal) {
      if (tradeIds.length === 0 || tradeIds.length > KEYS_MAX) {
        throw new RangeError(`A call takes 1 to ${KEYS_MAX} ids.`);
      }
      if (signal.aborted) {
        return tradeIds.map(() => ({ code: 'unavailable', reason: 'AbortError' }));
      }
      return tradeIds.map((id): FindWritersResult => {
        const item = items.get(id);
        if (item === undefined) {
          return { code: 'absent' };
        }
        return { code: 'found', writers: { recordId: item.recordId, history: item.history } };
      });
    },
  };
}

function writeOne(
  items: Map<string, MemoryVersion>,
  { mode, trade, recordKey, reference }: VersionWrite,
): WriteResult<StoredVersion> {
  const existing = items.get(trade.tradeId);
  if (mode === 'insert' && existing !== undefined) {
    return { code: 'exists' };
  }
  if (mode === 'update' && existing === undefined) {
    return { code: 'absent' };
  }
  if (existing !== undefined && existing.trade.version >= trade.version) {
    return { code: 'kept', existing: { version: existing.trade.version, ...existing } };
  }
  const history = [...(existing?.history ?? Array<undefined>(HISTORY_MAX).fill(undefined))];
  history[historySlot(trade.version)] = formatHistoryEntry(tradeToItem(trade), reference);
  items.set(trade.tradeId, { trade, recordId: recordKey, history });
  return { code: 'written' };
}
