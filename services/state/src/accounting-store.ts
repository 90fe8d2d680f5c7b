import type { OutcomeCounts } from '@oncefold/trades';
import type { Unavailable } from '@oncefold/versioned-upsert';

/** Keys of a shard's account. */
export interface AccountKeys {
  /** The shard's identity as one text. */
  readonly key: string;
  /** `<consumer>#<shard id>`: the key under which release 0.1.0 keeps the account; absent where it cannot have one. */
  readonly formerKey: string | undefined;
}

/** A run of records of one shard that is to be counted. */
export interface AccountingEntry extends AccountKeys {
  /** Position of the run's first record: text of fixed width, so that text order is numeric order. */
  readonly first: string;
  /** Position of the run's last record, likewise. */
  readonly last: string;
  readonly counts: OutcomeCounts;
}

/** What became of an entry. */
export type AdvanceResult =
  /** The counters have grown, and the position is the entry's last. */
  | { readonly code: 'advanced' }
  /** Nothing has changed: records up to this position are counted already, the entry's first among them. */
  | { readonly code: 'refused'; readonly position: string }
  | Unavailable;

/** Counters per shard that move only together with the shard's position, so that no record is counted twice. */
export interface AccountingStore {
  /**
   * Adds the counts and moves the position from before `first` to `last`, both or neither.
   *
   * An account that does not exist yet is started, or migrated from `formerKey` with its counters and its position. What
   * is left under `formerKey` then stops release 0.1.0, which would count the same records again.
   */
  advance(entry: AccountingEntry, signal: AbortSignal): Promise<AdvanceResult>;
}
