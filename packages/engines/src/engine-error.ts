/** Why an engine or a guarded program could not be started, used or stopped. */
type EngineErrorCode =
  | 'java-missing'
  | 'engine-unavailable'
  | 'spawn-failed'
  | 'start-exited'
  | 'start-timeout'
  | 'stop-timeout'
  | 'not-started';

export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;

  constructor(message: string, options: ErrorOptions & { readonly code: EngineErrorCode }) {
    super(message, options);
    this.code = options.code;
  }
}
