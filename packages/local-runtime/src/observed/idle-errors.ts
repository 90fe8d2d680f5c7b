import type { ObservedError } from './observed-invocation.ts';

/** Something was still on its way when the time limit was reached. */
export class NotIdleError extends Error {
  override readonly name = 'NotIdleError';
  readonly code = 'not-idle';
  /** What was not idle, one line for each function. */
  readonly open: readonly string[];

  constructor(timeoutMs: number, open: readonly string[]) {
    super(`the application is not idle after ${timeoutMs} ms: ${open.join('; ')}`);
    this.open = open;
  }
}

/** A function fails at a batch again and again, and its event source mapping would retry it for ever. */
export class ShardBlockedError extends Error {
  override readonly name = 'ShardBlockedError';
  readonly code = 'shard-blocked';
  /** Logical id of the function in the template. */
  readonly functionId: string;
  readonly shardId: string;
  /** Attempts that failed in a row without a fault that was injected. */
  readonly attempts: number;
  readonly lastError: ObservedError;

  constructor(blocked: Pick<ShardBlockedError, 'functionId' | 'shardId' | 'attempts' | 'lastError'>) {
    const { functionId, shardId, attempts, lastError } = blocked;
    super(
      `${functionId} blocks ${shardId}: ${attempts} attempts at one batch failed, the last with ${lastError.errorType}: ` +
        `${lastError.errorMessage}; set MaximumRetryAttempts on its event if a batch may be given up`,
    );
    this.functionId = functionId;
    this.shardId = shardId;
    this.attempts = attempts;
    this.lastError = lastError;
  }
}

/** An engine or the application itself has ended although nobody stopped it. */
export class ApplicationFailedError extends Error {
  override readonly name = 'ApplicationFailedError';
  readonly code = 'application-failed';

  constructor(cause: Error) {
    super(`the application has failed: ${cause.message}`, { cause });
  }
}

/** The application was stopped, so that nothing goes through it any more. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
  readonly code = 'stopped';

  constructor() {
    super('the application was stopped before it had become idle');
  }
}
