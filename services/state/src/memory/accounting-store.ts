import { outcomeNames } from '../account-records.ts';
import type { AccountingStore, OutcomeCounts } from '../accounting-store.ts';

/** What a memory table holds of a shard. */
interface MemoryAccount {
  readonly position: string;
  readonly counts: OutcomeCounts;
}

/** An accounting table in memory, with a view of what it holds. */
export interface MemoryAccountingStore extends AccountingStore {
  /** Counters and position by shard. */
  readonly items: ReadonlyMap<string, MemoryAccount>;
}

/**
 * Creates an accounting table in memory that keeps the promises of {@link AccountingStore}; it was never written by a
 * former version, so that there is nothing to take over.
 *
 * @returns the store
 */
export function createMemoryAccountingStore(): MemoryAccountingStore {
  const items = new Map<string, MemoryAccount>();
  return {
    items,
    async advance({ key, first, last, counts }, signal) {
      if (signal.aborted) {
        return { code: 'unavailable', reason: 'AbortError' };
      }
      const existing = items.get(key);
      if (existing !== undefined && existing.position >= first) {
        return { code: 'refused', position: existing.position };
      }
      const sums = { ...counts };
      for (const outcome of outcomeNames) {
        sums[outcome] += existing?.counts[outcome] ?? 0;
      }
      items.set(key, { position: last, counts: sums });
      return { code: 'advanced' };
    },
  };
}
