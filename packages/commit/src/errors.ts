/** The common base of what this package throws. */
abstract class CommitError extends Error {
  abstract readonly code: string;
  /** Whether the same batch, delivered again later, may succeed without any change to code or data. */
  abstract readonly retryable: boolean;

  override get name(): string {
    return this.constructor.name;
  }
}

/** The store refused the request itself: malformed, forbidden, or no such table. */
export class TransactionRefusedError extends CommitError {
  readonly code = 'transaction-refused';
  readonly retryable = false;
}

/** No outcome could be had within the attempts or the time given. Whether the last attempt was written is unknown. */
export class CommitUndecidedError extends CommitError {
  readonly code = 'commit-undecided';
  readonly retryable = true;
  readonly attempts: number;
  readonly lastOutcome: string;

  constructor(message: string, options: { attempts: number; lastOutcome: string; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.attempts = options.attempts;
    this.lastOutcome = options.lastOutcome;
  }
}

/** One record alone needs more actions or bytes than a transaction has. It must be refused where it is made. */
export class RecordTooLargeError extends CommitError {
  readonly code = 'record-too-large';
  readonly retryable = false;
  readonly actual: number;
  readonly limit: number;

  constructor(message: string, options: { actual: number; limit: number }) {
    super(message);
    this.actual = options.actual;
    this.limit = options.limit;
  }
}

/** A strategy was given something that it cannot work with: an option, or a batch without what its guard needs. */
export class StrategyError extends CommitError {
  readonly code = 'strategy-unusable';
  readonly retryable = false;
}

/** Two records of one batch have one identity and do not say the same. Nothing was written. */
export class AmbiguousRecordsError extends CommitError {
  readonly code = 'ambiguous-records';
  readonly retryable = false;
  /** Places of the two records in the batch, from 0. */
  readonly indexes: readonly [number, number];

  constructor(message: string, options: { indexes: readonly [number, number] }) {
    super(message);
    this.indexes = options.indexes;
  }
}

/** A record's own `writes` cannot be made: an unknown type, two that contradict each other, or a condition that failed. */
export class WriteRefusedError extends CommitError {
  readonly code = 'write-refused';
  readonly retryable = false;
  /** The record's place in the batch, from 0. */
  readonly recordIndex: number;
  /** The action that cannot be made, its key included. */
  readonly action: unknown;

  constructor(message: string, options: { recordIndex: number; action: unknown }) {
    super(message);
    this.recordIndex = options.recordIndex;
    this.action = options.action;
  }
}

/** A guard is gone that was there before, or may have expired: whether records were applied cannot be known. Nothing was written. */
export class GuardLostError extends CommitError {
  readonly code = 'guard-lost';
  readonly retryable = false;
}

/** The guard says something that cannot be, for example a position that is no position. Nothing was written. */
export class GuardViolationError extends CommitError {
  readonly code = 'guard-violation';
  readonly retryable = false;
}

/** Everything that a commit throws. */
export type AnyCommitError =
  | TransactionRefusedError
  | CommitUndecidedError
  | RecordTooLargeError
  | StrategyError
  | AmbiguousRecordsError
  | WriteRefusedError
  | GuardLostError
  | GuardViolationError;
