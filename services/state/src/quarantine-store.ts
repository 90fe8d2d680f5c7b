import type { QuarantineItem } from '@oncefold/middleware/quarantine';
import type { Unavailable } from '@oncefold/versioned-upsert';

export type PutResult = { readonly code: 'written' } | Unavailable;

/** What the table says about one record. */
export type FindResult =
  /** Part 0 is there; the reason is that under which the record was quarantined. */
  { readonly code: 'found'; readonly reason: string | undefined } | { readonly code: 'absent' } | Unavailable;

/** The quarantine table: an item that is put twice is there once. */
export interface QuarantineStore {
  /** How many items one call of `put` takes. */
  readonly itemsMax: number;
  /** How many keys one call of `find` takes. */
  readonly keysMax: number;
  /**
   * Puts items with different keys in one request.
   *
   * @param items - 1 to `itemsMax` items
   * @returns one result per item, in their order
   */
  put(items: readonly QuarantineItem[], signal: AbortSignal): Promise<readonly PutResult[]>;
  /**
   * Finds out which records are quarantined, by a consistent read of their part 0.
   *
   * @param recordKeys - 1 to `keysMax` different identities
   * @returns one result per key, in their order
   */
  find(recordKeys: readonly string[], signal: AbortSignal): Promise<readonly FindResult[]>;
}
