import type { Clock } from './clock.ts';

const FIRST_WAIT_MS = 25;
const WAIT_MS_MAX = 2_000;

/** How often the same request may be answered with "unavailable" before it is given up, whatever the time. */
const ATTEMPTS_MAX = 16;

/** The tries of one phase of an invocation: bounded in number and in time. */
export interface Attempts {
  /** Aborts requests when the phase's time is over. */
  readonly signal: AbortSignal;
  /**
   * Waits before the next try, longer each time, with jitter.
   *
   * @returns false when no further try is allowed: the attempts are used up, or the wait would outlast the phase
   */
  again(): Promise<boolean>;
}

/**
 * Starts a phase.
 *
 * @param clock - time and chance
 * @param duration_ms - how long the phase may last
 * @returns its tries
 * @see https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */
export function startAttempts(clock: Clock, duration_ms: number): Attempts {
  const end_ms = clock.now_ms() + duration_ms;
  let attempts = 1;
  let signal: AbortSignal | undefined;
  return {
    // A phase that sends nothing needs no timer.
    get signal() {
      signal ??= clock.abortAfter(Math.max(0, end_ms - clock.now_ms()));
      return signal;
    },
    async again() {
      const longest_ms = Math.min(WAIT_MS_MAX, FIRST_WAIT_MS * 2 ** attempts);
      const wait_ms = (longest_ms * (1 + clock.random())) / 2;
      if (attempts >= ATTEMPTS_MAX || clock.now_ms() + wait_ms >= end_ms) {
        return false;
      }
      attempts += 1;
      await clock.wait(wait_ms);
      return true;
    },
  };
}
