/** Why an engine or a guarded program could not be started, used or stopped. */
export type EngineErrorCode =
  | 'java-missing'
  | 'engine-unavailable'
  | 'spawn-failed'
  | 'start-exited'
  | 'start-timeout'
  | 'stop-timeout'
  | 'not-started';

/** An engine or a guarded program failed; the message says what to do where something can be done. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
