/** What an error says besides its message, where it is known. */
export interface CommitErrorDetails {
  readonly cause?: unknown;
  readonly recordIndex?: number | undefined;
  readonly key?: string | undefined;
  readonly remedy?: string | undefined;
}

/** The common base of what this package throws. Nothing that it says is of a payload. */
abstract class CommitError extends Error {
  abstract readonly code: string;
  /** What to do about errors of this class. */
  protected static readonly remedy: string = 'See the message.';
  /** Whether the same batch, delivered again later, may succeed without any change to code or data. */
  readonly retryable: boolean = false;
  /** Place in the batch, from 0, of the record that is at fault. */
  readonly recordIndex: number | undefined;
  /** Aggregate key, or table of the item, that is at fault; not enumerable, so that no log has it. */
  readonly key: string | undefined;
  /** What to do, in one sentence. */
  readonly remedy: string;

  constructor(message: string, details: CommitErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : {});
    this.recordIndex = details.recordIndex;
    this.key = details.key;
    hide(this, 'key');
    this.remedy = details.remedy ?? new.target.remedy;
  }
}

/** Keeps a member out of logs: Lambda's runtime, `console.error` and loggers print whatever can be enumerated. */
function hide(error: object, name: string): void {
  Object.defineProperty(error, name, { enumerable: false });
}

/** The store refused the request itself: malformed, forbidden, or no such table. */
export class TransactionRefusedError extends CommitError {
  protected static override readonly remedy =
    'Correct what the message names: the table, its key or the permissions.';
  override readonly name = 'TransactionRefusedError';
  readonly code = 'transaction-refused';
}

/** No outcome could be had within the attempts or the time given. Whether the last attempt was written is unknown. */
export class CommitUndecidedError extends CommitError {
  protected static override readonly remedy =
    'Do nothing, because the batch is delivered again; where it goes on, correct what the last answer names.';
  override readonly name = 'CommitUndecidedError';
  readonly code = 'commit-undecided';
  override readonly retryable = true;
  readonly attempts: number;
  readonly lastOutcome: string;

  constructor(message: string, options: CommitErrorDetails & { attempts: number; lastOutcome: string }) {
    super(message, options);
    this.attempts = options.attempts;
    this.lastOutcome = options.lastOutcome;
  }
}

/** One record alone needs more actions or bytes than a transaction has. It must be refused where it is made. */
export class RecordTooLargeError extends CommitError {
  protected static override readonly remedy = 'Cut the record where it is made, or quarantine it.';
  override readonly name = 'RecordTooLargeError';
  readonly code = 'record-too-large';
  readonly actual: number;
  readonly limit: number;

  constructor(message: string, options: CommitErrorDetails & { actual: number; limit: number }) {
    super(message, options);
    this.actual = options.actual;
    this.limit = options.limit;
  }
}

/** A strategy was given something that it cannot work with: an option, or a batch without what its guard needs. */
export class StrategyError extends CommitError {
  protected static override readonly remedy =
    'Correct the option, or the event source, that the message names.';
  override readonly name = 'StrategyError';
  readonly code = 'strategy-unusable';
}

/** Two records of one batch have one identity and do not say the same. Nothing was written. */
export class AmbiguousRecordsError extends CommitError {
  protected static override readonly remedy = 'Take an id that names one record only.';
  override readonly name = 'AmbiguousRecordsError';
  readonly code = 'ambiguous-records';
  /** Places of the two records in the batch, from 0. */
  readonly indexes: readonly [number, number];

  constructor(message: string, options: CommitErrorDetails & { indexes: readonly [number, number] }) {
    super(message, { recordIndex: options.indexes[1], ...options });
    this.indexes = options.indexes;
  }
}

/** What a record writes cannot be made: an unknown type, two writes that contradict each other, or a condition that failed. */
export class WriteRefusedError extends CommitError {
  protected static override readonly remedy = 'Correct the writes that the fold returns for the record.';
  override readonly name = 'WriteRefusedError';
  readonly code = 'write-refused';
  declare readonly recordIndex: number;
  /** The action that cannot be made, its key included; not enumerable, so that no log has it. */
  readonly action: unknown;

  constructor(message: string, options: CommitErrorDetails & { recordIndex: number; action: unknown }) {
    super(message, { key: tableOf(options.action), ...options });
    this.action = options.action;
    hide(this, 'action');
  }
}

function tableOf(action: unknown): string | undefined {
  const table = (action as { readonly table?: unknown } | null | undefined)?.table;
  return typeof table === 'string' ? table : undefined;
}

/** A guard is gone that was there before, or may have expired: whether records were applied cannot be known. Nothing was written. */
export class GuardLostError extends CommitError {
  protected static override readonly remedy =
    'Compare the sums with their source, and correct the difference.';
  override readonly name = 'GuardLostError';
  readonly code = 'guard-lost';
}

/** The guard says something that cannot be, for example a position that is no position. Nothing was written. */
export class GuardViolationError extends CommitError {
  protected static override readonly remedy = 'Find the program that changes the table of guards.';
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
