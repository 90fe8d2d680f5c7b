import { backoffMs, type Clock, defaultRetryLimits, systemClock } from '@oncefold/commit';

/** How often the same request may be answered with "unavailable" before it is given up, whatever the time. */
const ATTEMPTS_MAX = 16;

/** A clock that also ends requests, so that a simulator can give its own. */
export interface RequestClock extends Clock {
  /** A signal that aborts after so many milliseconds; at once if none are left. */
  abortAfter(milliseconds: number): AbortSignal;
}

/** The machine's own clock. */
export const systemRequestClock: RequestClock = { ...systemClock, abortAfter };

/** The attempts of one phase of an invocation: bounded in number and in time. */
export interface Attempts {
  /** Aborts requests when the phase's time is over. */
  readonly signal: AbortSignal;
  /** Waits before the next attempt, longer each time, with jitter. */
  again(): Promise<boolean>;
}

/** Starts a phase that may last so many milliseconds. */
export function startAttempts(clock: RequestClock, durationMs: number): Attempts {
  const endMs = clock.now() + durationMs;
  let attempts = 1;
  let signal: AbortSignal | undefined;
  return {
    // A phase that sends nothing needs no timer.
    get signal() {
      signal ??= clock.abortAfter(endMs - clock.now());
      return signal;
    },
    async again() {
      const waitMs = backoffMs(attempts, defaultRetryLimits, clock);
      if (attempts >= ATTEMPTS_MAX || clock.now() + waitMs >= endMs) {
        return false;
      }
      attempts += 1;
      await clock.sleep(waitMs);
      return true;
    },
  };
}

/** A timer of 0 ms may lose against an engine that answers at once. */
function abortAfter(durationMs: number): AbortSignal {
  return durationMs > 0 ? AbortSignal.timeout(Math.ceil(durationMs)) : AbortSignal.abort();
}
