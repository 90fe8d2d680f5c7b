/** The longest that a timer of Node.js waits; what is longer ends at once. */
const TIMER_MS_MAX = 2_147_483_647;

/**
 * How long a timer waits for a time, milliseconds: never less than 0, for Node.js warns about a negative delay, and the clock may pass
 * the time between two looks at it.
 */
export function timerDelay(atMs: number): number {
  return Math.min(TIMER_MS_MAX, Math.max(0, atMs - Date.now()));
}
