import { setTimeout as sleep } from 'node:timers/promises';
import type { InvocationFailure, ReportedError } from './invocation.ts';

/** A function cannot be initialized, however often it is tried. */
export class FunctionBrokenError extends Error {
  override readonly name = 'FunctionBrokenError';
  readonly code = 'function-broken';
  readonly functionId: string;
  /** What the last attempt reported. */
  readonly reason: ReportedError;

  constructor(functionId: string, reason: ReportedError) {
    super(`${functionId} cannot be initialized: ${reason.errorType}: ${reason.errorMessage}`);
    this.functionId = functionId;
    this.reason = reason;
  }
}

/** So many failed initializations in a row are no accident. */
export const INIT_ATTEMPTS_MAX = 5;
/** Wait before the second attempt in a row; it doubles with each further one. */
const INIT_BACKOFF_MS = 100;

export class InitAttempts {
  readonly #functionId: string;
  readonly #onBroken: (error: FunctionBrokenError) => void;
  #failures = 0;
  #broken: FunctionBrokenError | undefined;

  /** @param onBroken - called when the attempts are given up; again only after a reset */
  constructor(functionId: string, onBroken: (error: FunctionBrokenError) => void) {
    this.#functionId = functionId;
    this.#onBroken = onBroken;
  }

  /** Present after {@link INIT_ATTEMPTS_MAX} failures in a row, until a reset. */
  get broken(): FunctionBrokenError | undefined {
    return this.#broken;
  }

  /** Waits longer after each failure in a row, but not longer than until the signal is aborted. */
  async backOff(signal: AbortSignal): Promise<void> {
    if (this.#failures > 0) {
      const delayMs = INIT_BACKOFF_MS * 2 ** (Math.min(this.#failures, INIT_ATTEMPTS_MAX) - 1);
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    }
  }

  succeed(): void {
    this.#failures = 0;
  }

  fail(failure: InvocationFailure): void {
    this.#failures += 1;
    if (this.#failures >= INIT_ATTEMPTS_MAX && this.#broken === undefined && !wasKilled(failure)) {
      this.#broken = new FunctionBrokenError(this.#functionId, failure);
      this.#onBroken(this.#broken);
    }
  }

  reset(): void {
    this.#failures = 0;
    this.#broken = undefined;
  }
}

/** Only a signal from outside ends a process so: what the runtime itself kills is reported as a timeout. */
function wasKilled({ errorType, errorMessage }: ReportedError): boolean {
  return errorType === 'Runtime.ExitError' && errorMessage.includes('signal: SIGKILL');
}
