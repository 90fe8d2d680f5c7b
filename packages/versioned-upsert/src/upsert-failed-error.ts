/** Records of a batch have failed, and the mapping does not take partial responses: the batch is delivered again. */
export class UpsertFailedError extends Error {
  override readonly name = 'UpsertFailedError';
  readonly code = 'upsert-failed';
  /** The same batch, delivered again later, may succeed; a conflict that is not handed over does not. */
  readonly retryable = true;
  /** How many records failed, by reason. */
  readonly reasons: Readonly<Record<string, number>>;

  constructor(reasons: Readonly<Record<string, number>>, options: { readonly records: number }) {
    const list = Object.entries(reasons).map(([reason, count]) => `${count} × ${reason}`);
    super(
      `of ${options.records} records failed ${list.join(', ')}; what was applied is a duplicate when it is redelivered`,
    );
    this.reasons = reasons;
  }
}
