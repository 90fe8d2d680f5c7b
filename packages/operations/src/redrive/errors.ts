/** Something cannot be redriven; the message says why and what to do instead. */
export class RedriveRefusedError extends Error {
  override readonly name = 'RedriveRefusedError';
  readonly code = 'redrive-refused';
}

/** What was asked to take a redrive did not answer as it should: whether it is done is unknown, and it may be sent again. */
export class RedriveUndecidedError extends Error {
  override readonly name = 'RedriveUndecidedError';
  readonly code = 'redrive-undecided';
  readonly retryable = true;
}
