/** The event is not what a Kinesis event source mapping sends. */
export class StreamEventError extends Error {
  override readonly name = 'StreamEventError';
  readonly code = 'invalid-event';
  readonly retryable = false;
}

/** A table refused a request, or answered in a way that this code does not know; retrying would not help. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code = 'store-refused';
  readonly retryable = false;
}

/** The batch is written but could not be counted in time; it fails whole, is delivered again and counted then. */
export class AccountingError extends Error {
  override readonly name = 'AccountingError';
  readonly code = 'accounting-unavailable';
  readonly retryable = true;
}
