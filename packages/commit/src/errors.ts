/** The common base of what this package throws. */
abstract class CommitError extends Error {
  abstract readonly code: string;
  /** Whether the same batch, delivered again later, may succeed without any change to code or data. */
  readonly retryable: boolean = false;
}

/** The store refused the request itself: malformed, forbidden, or no such table. */
export class TransactionRefusedError extends CommitError {
  override readonly name = 'TransactionRefusedError';
  readonly code = 'transaction-refused';
}

/** No outcome could be had within the attempts or the time given. Whether the last attempt was written is unknown. */
export class CommitUndecidedError extends CommitError {
  override readonly name = 'CommitUndecidedError';
  readonly code = 'commit-undecided';
  override readonly retryable = true;
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
  override readonly name = 'RecordTooLargeError';
  readonly code = 'record-too-large';
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
  override readonly name = 'StrategyError';
  readonly code = 'strategy-unusable';
}

/** Two records of one batch have one identity and do not say the same. Nothing was written. */
export class AmbiguousRecordsError extends CommitError {
  override readonly name = 'AmbiguousRecordsError';
  readonly code = 'ambiguous-records';
  /** Places of the two records in the batch, from 0. */
  readonly indexes: readonly [number, number];

  constructor(message: string, options: { indexes: readonly [number, number] }) {
    super(message);
    this.indexes = options.indexes;
  }
}

/** What a record writes cannot be made: an unknown type, two writes that contradict each other, or a condition that failed. */
export class WriteRefusedError extends CommitError {
  override readonly name = 'WriteRefusedError';
  readonly code = 'write-refused';
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
  override readonly name = 'GuardLostError';
  readonly code = 'guard-lost';
}

/** The guard says something that cannot be, for example a position that is no position. Nothing was written. */
export class GuardViolationError extends CommitError {
  override readonly name = 'GuardViolationError';
  readonly code = 'guard-violation';
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
