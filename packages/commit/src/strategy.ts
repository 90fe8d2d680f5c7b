import type { Contribution } from '@oncefold/reducer';
import type { RecordRefusal, Sum } from './effect.ts';
import type { Action, FailedCondition, Put, TransactionOutcome } from './transaction-port.ts';

/** One record of a batch, with what it adds. */
export interface CommitRecord {
  /** Names the record within its source; it never names another one. */
  readonly id: string;
  readonly contribution: Contribution<Sum>;
  /** Place in its shard: decimal digits, ascending within a batch. Needed by `checkpoint`. */
  readonly sequenceNumber?: string | undefined;
  /** Place within an aggregated Kinesis record, from 0; absent for any other record. */
  readonly subSequenceNumber?: number | undefined;
  /** Approximate arrival, in seconds since the epoch. */
  readonly time?: number | undefined;
  /** Writes that belong to this record and to no aggregate; committed with it, in its transaction. */
  readonly writes?: readonly Action[] | undefined;
  /**
   * Puts that are written before the record's transaction, in transactions of their own: for what would not fit into it, for
   * example the pieces of a large quarantined record. They may be written although the record is not committed after all, and
   * are written again with each delivery.
   */
  readonly preparatoryWrites?: readonly Put[] | undefined;
  /** Its content was refused already, and what is committed is said in its place: for the report. */
  readonly isInvalid?: boolean | undefined;
  /**
   * The id by which the record is known where its content is refused; by default `id`. For an `id` that its content says: a record that
   * is sent again, mended, must not be taken for the refused one.
   */
  readonly refusedId?: string | undefined;
  /**
   * Says what is committed in place of the record, with its guard, where its content cannot be committed: for example its quarantine,
   * so that it does not stop its shard. Absent: the batch fails. It must say the same for the same record.
   */
  readonly onRefused?: ((refusal: RecordRefusal) => Replacement | Promise<Replacement>) | undefined;
}

/** What is committed in place of a record, for example its quarantine; nothing of it has a condition. */
export type Replacement = Partial<Pick<CommitRecord, 'contribution' | 'writes' | 'preparatoryWrites'>>;

/** The records of one invocation, in the order of the event. */
export interface Batch {
  readonly records: readonly CommitRecord[];
  /** The stream that all records come from, by name or ARN: shard ids and event ids repeat from stream to stream. */
  readonly source: string;
  /** The shard that all records come from. Needed by `checkpoint`. */
  readonly shardId?: string | undefined;
}

/** How one group of records is guarded. */
export interface Guard {
  /** Unique to these records; made when an effect asks for it. */
  readonly name: string;
  readonly actions: readonly Action[];
  readonly token?: string;
}

/** Records that are still to be committed, and records that are known to be applied. */
export interface Partition {
  readonly fresh: readonly CommitRecord[];
  readonly applied: readonly CommitRecord[];
}

/** What a session is told when conditions of its own did not hold. */
export interface GuardFailure {
  /** The group that was sent; empty for the session's opening. */
  readonly group: readonly CommitRecord[];
  /** Those of the guard's or the opening's actions whose condition did not hold; at least one. */
  readonly failures: readonly FailedCondition[];
  /** All records of the batch that are not known to be applied, the group first. */
  readonly pending: readonly CommitRecord[];
}

/** The guards of one batch. */
export interface StrategySession {
  /** Actions to be committed by themselves before the next group, for example the start of a shard; by default none. */
  opening?(): readonly Action[] | undefined;
  /** The opening is committed. */
  onOpened?(): void;
  /**
   * Finds out what is applied already, once the opening is committed and before the first group. By default nothing is known.
   *
   * @param pending - the records that are not known to be applied
   * @param delivered - all records of the batch, in its order
   */
  find?(pending: readonly CommitRecord[], delivered: readonly CommitRecord[]): Promise<Partition>;
  /** The guard for a group that is about to be sent. */
  guard(group: readonly CommitRecord[]): Guard;
  /**
   * Partitions **all** pending records after a failure that told something; what cannot be decided throws. It must learn
   * something: a record turns out applied, or the guard that is sent next is another one.
   */
  onGuardFailed?(failure: GuardFailure): Partition;
  /** The row named by the guard exists although the guard's own conditions held. By default that cannot be, and throws. */
  onRowExists?(group: readonly CommitRecord[]): Partition;
  /** Partitions a group whose token had been used with other actions. By default that cannot be, and throws. */
  onTokenMismatch?(group: readonly CommitRecord[]): Partition;
  /** Commits the group, for guards that are written around the commit instead of with it. By default the commit alone. */
  around?(group: readonly CommitRecord[], commit: () => Promise<DecidedOutcome>): Promise<DecidedOutcome>;
}

/** Names of the strategies. */
export type StrategyCode = 'none' | 'request-token' | 'powertools' | 'ledger' | 'checkpoint';

/** What an invocation gives to the guards of its batch. */
export interface Invocation {
  /** Milliseconds until the function's own timeout. */
  readonly remainingMs: () => number;
}

/** The outcomes with which a group is decided, and `already-applied`, which a guard around the commit may find. */
export type DecidedOutcome =
  | Extract<TransactionOutcome, { readonly code: 'committed' | 'condition-failed' | 'token-mismatch' }>
  | { readonly code: 'already-applied' };

/** What a guard knows a record by: its id, or its place in the shard. */
export type Identification = 'id' | 'position';

/**
 * How the guard of a commit is made. It keeps no state from batch to batch, so nothing that it knows can be stale.
 *
 * @typeParam By - what the guard knows a record by; a strategy whose kind is only known at run time leaves it out
 */
export interface Strategy<By extends Identification = Identification> {
  readonly code: StrategyCode;
  readonly identifiesBy: By;
  /** Number of guard actions for a group of so many records. */
  guardSize(recordCount: number): number;
  /** Begins a batch that is not empty. */
  open(batch: Batch, invocation: Invocation): StrategySession;
}
