import { StrategyError } from './errors.ts';

/**
 * How long a guard is kept by default, in seconds: 15 days, which is longer than anything is redelivered by a DynamoDB stream (1 day),
 * a Kinesis stream with the default retention (1 day), or an SQS queue (14 days at most). A Kinesis stream keeps records for up to
 * 365 days if it is told to; then this must be told, too.
 */
export const RETENTION_SECONDS_DEFAULT: number = 15 * 86_400;

/**
 * Longest retention of a guard, in seconds: 400 days. A Kinesis stream, which keeps records longest, keeps them for 365 days at most; one
 * day that is given in milliseconds is longer.
 */
export const RETENTION_SECONDS_MAX: number = 400 * 86_400;

/** Refuses what is no number of seconds that a guard can be kept, or no clock. */
export function assertRetention(owner: string, retentionSeconds: unknown, now: unknown): void {
  const seconds = Number.isSafeInteger(retentionSeconds) ? Number(retentionSeconds) : 0;
  if (seconds < 1 || seconds > RETENTION_SECONDS_MAX) {
    throw new StrategyError(
      `${owner}: retentionSeconds must be a whole number of seconds from 1 to ${RETENTION_SECONDS_MAX}`,
    );
  }
  if (typeof now !== 'function') {
    throw new StrategyError(`${owner}: now must be a function, for example Date.now`);
  }
}
