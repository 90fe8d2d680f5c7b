/** A function that was invoked threw, timed out, or ended its process. */
export class FunctionFailedError extends Error {
  override readonly name = 'FunctionFailedError';
  readonly code = 'function-failed';
  /** As Lambda reports it, such as `Error` or `Sandbox.Timedout`. */
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stackTrace: readonly string[];

  constructor(
    functionId: string,
    failure: Pick<FunctionFailedError, 'errorType' | 'errorMessage' | 'stackTrace'>,
  ) {
    const { errorType, errorMessage, stackTrace } = failure;
    super(`${functionId} failed: ${errorType}: ${errorMessage}`);
    this.errorType = errorType;
    this.errorMessage = errorMessage;
    this.stackTrace = stackTrace;
  }
}

/** The template has no such function, or none that runs here. */
export class UnknownFunctionError extends Error {
  override readonly name = 'UnknownFunctionError';
  readonly code = 'unknown-function';

  constructor(name: string, known: readonly string[]) {
    super(`no function ${name} runs here; there are ${known.join(', ') || 'none'}`);
  }
}
