import type { QuarantineItem } from '@oncefold/quarantine';

/** What became of one item. */
type PutResult =
  | { readonly code: 'written' }
  /** Throttled, failed or aborted; it may or may not have been written, and may be sent again. */
  | { readonly code: 'unavailable'; readonly reason: string };

/** The quarantine table: an item that is put twice stands once. */
export interface QuarantineStore {
  /** How many items one call takes. */
  readonly itemsMax: number;
  /**
   * Puts items with different keys in one request.
   *
   * @param items - 1 to `itemsMax` items
   * @param signal - aborts the request; its items are then `unavailable`
   * @returns one result per item, in their order
   * @throws when the request itself is refused
   */
  put(items: readonly QuarantineItem[], signal: AbortSignal): Promise<readonly PutResult[]>;
}
