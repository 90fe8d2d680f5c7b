/** The failure that the workshop asks for; it fails the invocation, so the event source mapping delivers the batch again. */
export class InducedFailure extends Error {
  override readonly name = 'InducedFailure';
  readonly code = 'induced-failure';
  readonly retryable = true;
  /** The parameter whose percentage called for this failure. */
  readonly parameter: string;

  /** @param parameter - name of the parameter whose percentage called for this failure */
  constructor(parameter: string) {
    super(`Failure induced by the parameter ${parameter}.`);
    this.parameter = parameter;
  }
}

/** The parameter's item cannot be read as a percentage from 0 to 100. */
export class InducedFailureParameterError extends Error {
  override readonly name = 'InducedFailureParameterError';
  readonly code = 'invalid-percentage';
  readonly retryable = false;
  /** The parameter whose value is wrong. */
  readonly parameter: string;

  /** @param parameter - name of the parameter whose value is no number (N) from 0 to 100 */
  constructor(parameter: string) {
    super(`The attribute "value" of the parameter ${parameter} must be a number from 0 to 100.`);
    this.parameter = parameter;
  }
}
