import type { Trade } from '@oncefold/reducer';
import type { AppliedMarks, RecordPlace } from './applied-marks.ts';

/** A version of a trade on its way into the state table. */
export interface VersionWrite {
  /** `insert`: only if the trade has no item yet; `update`: only if it has one of a lower version. */
  readonly mode: 'insert' | 'update';
  readonly trade: Trade;
  /** Names the stream record that brings this version; stored with it, so that a redelivery is recognised. */
  readonly recordKey: string;
  /** Where that record is; stored in the mark of the version. */
  readonly place: RecordPlace;
}

/** The version of a trade that the state table holds. */
export interface StoredVersion {
  readonly version: number;
  /** The record that wrote it; absent where another program did. */
  readonly recordId: string | undefined;
  /** Absent where the item's other attributes are not those of a trade; no payload equals it then. */
  readonly trade: Trade | undefined;
  /** What is known of the versions before it; undefined where the table has not been asked. */
  readonly marks: AppliedMarks | undefined;
}

/** What became of one {@link VersionWrite}. */
export type WriteResult =
  /** The table holds this version. */
  | { readonly code: 'written' }
  /** The insert was refused because there is an item; it is not said which version. */
  | { readonly code: 'exists' }
  /** The update was refused because there is no item. */
  | { readonly code: 'absent' }
  /** The update was refused because the table holds an equal or higher version. */
  | { readonly code: 'kept'; readonly stored: StoredVersion & { readonly marks: AppliedMarks } }
  /** The update was refused, and the existing item has no version that could be compared. */
  | { readonly code: 'unreadable' }
  /** DynamoDB does not take this version, whatever else is written: the existing item has no room for it. */
  | { readonly code: 'unwritable' }
  /** Throttled, in conflict, failed or aborted; it may or may not have been written, and may be sent again. */
  | { readonly code: 'unavailable'; readonly reason: string };

/**
 * The state table: at most one version per trade, and versions only go up.
 *
 * Each write is decided alone and atomically, whatever others do at the same time. Nothing is promised about the
 * order in which the writes of one call are done.
 */
export interface StateStore {
  /** How many writes one call takes. */
  readonly writesMax: number;
  /**
   * Writes versions of different trades in one request.
   *
   * @param writes - 1 to `writesMax` writes, each of another trade
   * @param signal - aborts the request; its writes are then `unavailable`
   * @returns one result per write, in their order
   * @throws when the request itself is refused
   */
  write(writes: readonly VersionWrite[], signal: AbortSignal): Promise<readonly WriteResult[]>;
}
