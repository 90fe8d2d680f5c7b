import type { Trade } from '@oncefold/trades';
import type { Unavailable, WriteMode, WriteResult } from '@oncefold/versioned-upsert';
import type { RecordReference, VersionHistory } from './version-history.ts';

/** A version of a trade on its way into the state table. */
export interface VersionWrite {
  readonly mode: WriteMode;
  readonly trade: Trade;
  /** Names the stream record that brings this version; stored with it, so that a redelivery is recognized. */
  readonly recordKey: string;
  /** Names the same record in the history of the trade. */
  readonly reference: RecordReference;
  /** Number of the newest recount: an item that is new enters it with its first version. 0 for none. */
  readonly recount: number;
}

/** The records that wrote a trade, as its item names them. */
export interface TradeWriters {
  /** The record that wrote the version in the table; absent where another program did. */
  readonly recordId: string | undefined;
  /** The last versions, this one included. */
  readonly history: VersionHistory;
}

/** The version of a trade that the state table holds. */
export interface StoredVersion extends TradeWriters {
  readonly version: number;
  /** Absent where the item's other attributes are not those of a trade; no payload equals it then. */
  readonly trade: Trade | undefined;
}

/** What the table says about who wrote one trade. */
export type FindWritersResult =
  | { readonly code: 'found'; readonly writers: TradeWriters }
  | { readonly code: 'absent' }
  | Unavailable;

/**
 * Takes versions into the state table: at most one version per trade, and versions only go up.
 *
 * Each write is decided alone and atomically, whatever others do at the same time. Nothing is promised about the
 * order in which the writes of one call are done.
 */
export interface VersionStore {
  /** How many writes one call takes. */
  readonly writesMax: number;
  /**
   * Writes versions of different trades in one request.
   *
   * @param writes - 1 to `writesMax` writes, each of another trade
   * @returns one result per write, in their order
   */
  write(writes: readonly VersionWrite[], signal: AbortSignal): Promise<readonly WriteResult<StoredVersion>[]>;
}

/** The state table. */
export interface StateStore extends VersionStore {
  /** How many trades one call of `find` takes. */
  readonly keysMax: number;
  /**
   * Finds out which records wrote trades, by a consistent read.
   *
   * @param tradeIds - 1 to `keysMax` different ids
   * @returns one result per id, in their order
   */
  find(tradeIds: readonly string[], signal: AbortSignal): Promise<readonly FindWritersResult[]>;
}
