import { setTimeout as wait } from 'node:timers/promises';

/** Time and chance, passed in, so that tests and simulations bring their own. */
export interface Clock {
  /** Milliseconds on a scale that never goes back. */
  now_ms(): number;
  /**
   * Waits.
   *
   * @param duration_ms - 0 or more
   */
  wait(duration_ms: number): Promise<void>;
  /**
   * Makes a signal that aborts later.
   *
   * @param duration_ms - 0 or more
   */
  abortAfter(duration_ms: number): AbortSignal;
  /** A number from 0 up to 1, for the spread of waits. */
  random(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now_ms: () => performance.now(),
  wait: (duration_ms) => wait(duration_ms),
  // A timer of 0 ms may lose against an engine that answers at once.
  abortAfter: (duration_ms) =>
    duration_ms > 0 ? AbortSignal.timeout(Math.ceil(duration_ms)) : AbortSignal.abort(),
  random: () => Math.random(),
};
