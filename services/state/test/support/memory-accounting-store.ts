import { addCounts, type OutcomeCounts } from '@oncefold/trades';
import type { AccountingStore } from '../../src/accounting-store.ts';

interface MemoryAccount {
  readonly position: string;
  readonly counts: OutcomeCounts;
}

/** An accounting table in memory, with a view of what it holds. */
export interface MemoryAccountingStore extends AccountingStore {
  readonly items: ReadonlyMap<string, MemoryAccount>;
}

/**
 * Creates an accounting table in memory that keeps the promises of {@link AccountingStore}; it was never written by release
 * 0.1.0, so that there is nothing to migrate.
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
      items.set(key, {
        position: last,
        counts: existing === undefined ? counts : addCounts(existing.counts, counts),
      });
      return { code: 'advanced' };
    },
  };
}
