/** An answer that does not hold what was asked for: it was cut off, or what answers is no DynamoDB. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly code = 'no-answer';
  readonly retryable = true;
}

/** The tables could not be asked, or not changed, although it was tried again and again: nothing is decided. */
export class TableUnavailableError extends Error {
  override readonly name = 'TableUnavailableError';
  readonly code = 'table-unavailable';
  readonly retryable = true;

  constructor(what: string, options: { readonly attempts: number; readonly cause: unknown }) {
    super(`DynamoDB did not ${what} in ${options.attempts} attempts; run the command again`, {
      cause: options.cause,
    });
  }
}
