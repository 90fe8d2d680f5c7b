import type { Clock } from '@oncefold/commit';

/** First pause of the SDK's standard retries, in milliseconds; each next one is twice as long. */
const RETRY_MS = 100;

/** Errors that the SDK's standard retries send again; it retries no conflict and no failed condition. */
const RETRIED: ReadonlySet<string> = new Set([
  'InternalServerError',
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'TimeoutError',
  'TransactionInProgressException',
]);

/**
 * Sends a request as an SDK client in a sandbox does: again after some errors.
 *
 * @param send - one attempt
 * @param options.attemptsMax - sends that the SDK makes of one; 1 where the caller retries
 * @param options.aborted - rejects when nobody waits any more
 */
export async function sendWithRetries<Answer>(
  send: () => Promise<Answer>,
  options: {
    readonly clock: Pick<Clock, 'sleep'>;
    readonly attemptsMax: number;
    readonly aborted?: Promise<never> | undefined;
  },
): Promise<Answer> {
  const { clock, attemptsMax, aborted } = options;
  const orAborted = <Value>(promise: Promise<Value>): Promise<Value> =>
    aborted === undefined ? promise : Promise.race([promise, aborted]);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await orAborted(send());
    } catch (error) {
      if (attempt >= attemptsMax || !(error instanceof Error) || !RETRIED.has(error.name)) {
        throw error;
      }
      await orAborted(clock.sleep(RETRY_MS * 2 ** (attempt - 1)));
    }
  }
}
