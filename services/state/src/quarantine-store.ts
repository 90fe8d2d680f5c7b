/** Most bytes of a payload in one part: an item may have 400 KB with its other attributes, a record 1 MB and more. */
export const PART_BYTES_MAX = 350_000;

/** A piece of a record that is kept aside, with why; one item of the quarantine table. */
export interface QuarantinePart {
  /** Position of the record in its source; with `part` the item's key, so that a redelivery writes the same item. */
  readonly source: string;
  /** Place of this piece in the record, from 0. */
  readonly part: number;
  /** How many pieces the record has, at least 1. */
  readonly parts: number;
  /** A literal that says what is wrong. */
  readonly reason: string;
  /** Name of the field that is wrong, or empty; never a value from the record. */
  readonly detail: string;
  /** Raw bytes as they arrived, at most {@link PART_BYTES_MAX}. */
  readonly payload: Uint8Array;
  readonly consumer: string;
}

/** What became of one part. */
export type PutResult =
  | { readonly code: 'written' }
  /** Throttled, failed or aborted; it may or may not have been written, and may be sent again. */
  | { readonly code: 'unavailable'; readonly reason: string };

/** The quarantine table: a part that is put twice stands once. */
export interface QuarantineStore {
  /** How many parts one call takes. */
  readonly partsMax: number;
  /**
   * Puts parts with different keys in one request.
   *
   * @param parts - 1 to `partsMax` parts
   * @param signal - aborts the request; its parts are then `unavailable`
   * @returns one result per part, in their order
   * @throws when the request itself is refused
   */
  put(parts: readonly QuarantinePart[], signal: AbortSignal): Promise<readonly PutResult[]>;
}
