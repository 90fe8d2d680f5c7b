import type { Contribution } from '@oncefold/reducer';
import type { Action, FailedCondition, Item, TransactionOutcome } from './transaction-port.ts';

/** One record of a batch, with what it adds. */
export interface CommitRecord {
  /** What names the record for ever. */
  readonly id: string;
  readonly contribution: Contribution;
  /** Position in its shard: decimal digits, ascending within a batch. Needed by `checkpoint`. */
  readonly sequenceNumber?: string | undefined;
  /** Approximate arrival, in seconds since the epoch. */
  readonly time?: number | undefined;
  /** Writes that belong to this record and to no aggregate, for example its quarantine. */
  readonly writes?: readonly Action[] | undefined;
}

/** The records of one invocation, in the order of the event. */
export interface Batch {
  readonly records: readonly CommitRecord[];
  /** The shard that all records come from. Needed by `checkpoint`. */
  readonly shardId?: string | undefined;
}

/** How one group of records is guarded. */
export interface Guard {
  /** Unique to these records. */
  readonly name: string;
  readonly actions: readonly Action[];
  readonly token?: string;
}

/** Records that are still to be folded, and records that are known to be applied. Together they are what was asked about. */
export interface Division {
  readonly fresh: readonly CommitRecord[];
  readonly applied: readonly CommitRecord[];
}

/** The guards of one batch. */
export interface StrategySession {
  /** Parts what is known to be applied from what is not, before anything is sent. */
  admit(records: readonly CommitRecord[]): Division;
  /** The guard for a group that is about to be sent. */
  guard(group: readonly CommitRecord[]): Guard;
  /**
   * Parts a group whose conditions did not hold. It knows more than before: a record turns out applied, or the guard has moved.
   * What cannot be decided throws.
   */
  onConditionFailed(
    group: readonly CommitRecord[],
    guard: Guard,
    failures: readonly FailedCondition[],
  ): Division;
  /** Parts a group whose token had been used with other actions. */
  onTokenMismatch(group: readonly CommitRecord[]): Division;
  /** Commits the group, for guards that stand around the commit instead of in it. By default the commit alone. */
  around?(group: readonly CommitRecord[], commit: () => Promise<DecidedOutcome>): Promise<DecidedOutcome>;
  /** The group stands. */
  onCommitted(group: readonly CommitRecord[]): void;
}

/** A consistent read that has been retried until it was answered. */
export type DecidedRead = (target: {
  readonly table: string;
  readonly key: Item;
}) => Promise<Item | undefined>;

/** Names of the strategies. */
export type StrategyCode = 'none' | 'request-token' | 'powertools' | 'ledger' | 'checkpoint';

/** What an invocation gives to the guards of its batch. */
export interface Invocation {
  readonly read: DecidedRead;
  /** Milliseconds until the function's own timeout. */
  readonly remainingMs: () => number;
}

/** The outcomes with which a group is decided, and `already-applied`, which a guard around the commit may find. */
export type DecidedOutcome =
  | Extract<TransactionOutcome, { readonly code: 'committed' | 'condition-failed' | 'token-mismatch' }>
  | { readonly code: 'already-applied' };

/** How the guard of a commit is made. */
export interface Strategy {
  readonly code: StrategyCode;
  /** Number of guard actions for a group of so many records. */
  guardSize(recordCount: number): number;
  /** Begins a batch. */
  open(batch: Batch, invocation: Invocation): Promise<StrategySession>;
  /** A batch ended without a known outcome: forget what was remembered about the store. */
  forget(batch: Batch): void;
}

/** Divides records by their ids: first of each id is fresh, a repetition within the batch is applied with it. */
export function withoutRepetitions(records: readonly CommitRecord[]): Division {
  const seen = new Set<string>();
  const fresh: CommitRecord[] = [];
  const applied: CommitRecord[] = [];
  for (const record of records) {
    (seen.has(record.id) ? applied : fresh).push(record);
    seen.add(record.id);
  }
  return { fresh, applied };
}
