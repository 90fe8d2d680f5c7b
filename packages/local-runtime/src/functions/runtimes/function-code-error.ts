/** The code of a function is not there, or cannot run on this machine; the message says what to do. */
export class FunctionCodeError extends Error {
  override readonly name = 'FunctionCodeError';
  readonly code = 'function-code';
}
