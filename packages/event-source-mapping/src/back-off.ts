/**
 * Exponential back-off with full jitter: any time between 0 and the doubled base, evenly.
 *
 * AWS says that the poller backs off between retries, and not how; the base and the limit are parameters.
 *
 * @param attempt - 1 for the first retry
 * @param baseMs - the range of the first wait, in milliseconds
 * @param limitMs - the largest range, in milliseconds
 * @param random - from 0 to below 1
 * @returns milliseconds to wait, 0 to `limitMs`
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backOffMs(attempt: number, baseMs: number, limitMs: number, random: number): number {
  const doublings = Math.min(Math.max(attempt - 1, 0), 30);
  return Math.round(Math.min(limitMs, baseMs * 2 ** doublings) * random);
}
