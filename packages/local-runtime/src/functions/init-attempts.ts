import { setTimeout as sleep } from 'node:timers/promises';
import type { InvocationFailure, ReportedError } from './invocation.ts';

/** A function cannot be initialised, however often it is tried. */
export class FunctionBrokenError extends Error {
  override readonly name = 'FunctionBrokenError';
  readonly code = 'function-broken';
  readonly functionId: string;
  /** What the last attempt reported. */
  readonly reason: ReportedError;

  constructor(functionId: string, reason: ReportedError) {
    super(`${functionId} cannot be initialised: ${reason.errorType}: ${reason.errorMessage}`);
    this.functionId = functionId;
    this.reason = reason;
  }
}

/** Attempts to initialise a function. */
export interface InitAttempts {
  /** Present after {@link INIT_ATTEMPTS_MAX} failures in a row, until {@link InitAttempts.reset}. */
  readonly broken: FunctionBrokenError | undefined;
  /** Waits longer after each failure in a row, but not longer than until the signal is aborted. */
  backOff(signal: AbortSignal): Promise<void>;
  succeed(): void;
  fail(failure: InvocationFailure): void;
  reset(): void;
}

/** So many failed initialisations in a row are no accident. */
export const INIT_ATTEMPTS_MAX = 5;
/** Wait before the second attempt in a row; it doubles with each further one. */
const INIT_BACKOFF_MS = 100;

/** @param onBroken - called when the attempts are given up; again only after a reset */
export function createInitAttempts(
  functionId: string,
  onBroken: (error: FunctionBrokenError) => void,
): InitAttempts {
  let failures = 0;
  let broken: FunctionBrokenError | undefined;
  return {
    get broken() {
      return broken;
    },
    async backOff(signal) {
      if (failures > 0) {
        const delayMs = INIT_BACKOFF_MS * 2 ** (Math.min(failures, INIT_ATTEMPTS_MAX) - 1);
        await sleep(delayMs, undefined, { signal }).catch(() => undefined);
      }
    },
    succeed() {
      failures = 0;
    },
    fail(failure) {
      failures += 1;
      if (failures >= INIT_ATTEMPTS_MAX && broken === undefined && !wasKilled(failure)) {
        broken = new FunctionBrokenError(functionId, failure);
        onBroken(broken);
      }
    },
    reset() {
      failures = 0;
      broken = undefined;
    },
  };
}

/** Only a signal from outside ends a process so: what the runtime itself kills is reported as a timeout. */
function wasKilled({ errorType, errorMessage }: ReportedError): boolean {
  return errorType === 'Runtime.ExitError' && errorMessage.includes('signal: SIGKILL');
}
