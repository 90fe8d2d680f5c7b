import { setTimeout as wait } from 'node:timers/promises';
import { CommitUndecidedError } from './errors.ts';
import type { TransactionOutcome } from './transaction-port.ts';

/** Time and randomness, so that a test or a simulator can give its own. */
export interface Clock {
  /** Milliseconds since the epoch: the expiry of a marker may be made of it. */
  now(): number;
  /** A number from 0 up to, not including, 1. */
  random(): number;
  /** Resolves after so many milliseconds. */
  sleep(milliseconds: number): Promise<void>;
}

/** The machine's own clock and randomness. */
export const systemClock: Clock = {
  now: Date.now,
  random: Math.random,
  sleep: (milliseconds) => wait(milliseconds),
};

/** How often, how long and until when one request is sent again. */
export interface RetryLimits {
  /** Attempts in all. */
  readonly attemptsMax: number;
  /** First pause; each next one is twice as long. */
  readonly backoffBaseMs: number;
  /** Longest pause. */
  readonly backoffMaxMs: number;
  /** Longest wait for one answer. */
  readonly requestTimeoutMs: number;
}

/**
 * Fourteen attempts with pauses of 7.6 to 15.2 s in all between them: past the 5 s for which DynamoDB may answer "in progress".
 */
export const defaultRetryLimits: RetryLimits = {
  attemptsMax: 14,
  backoffBaseMs: 25,
  backoffMaxMs: 2_000,
  requestTimeoutMs: 5_000,
};

/**
 * How long to wait before a request is sent again: half fixed and half random, so that two writers who met once do not meet again.
 *
 * @param attempt - how many pauses there were before, from 0
 * @param limits - first and longest pause, in milliseconds
 * @param clock - source of the random half
 * @returns milliseconds, at most `backoffMaxMs`
 * @see https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */
export function backoffMs(
  attempt: number,
  limits: Pick<RetryLimits, 'backoffBaseMs' | 'backoffMaxMs'>,
  clock: Pick<Clock, 'random'>,
): number {
  const ceilingMs = Math.min(limits.backoffMaxMs, limits.backoffBaseMs * 2 ** attempt);
  return (ceilingMs * (1 + clock.random())) / 2;
}

/** Shortest time in which an attempt is worth making. */
const ATTEMPT_MS_MIN = 50;

/** Outcomes after which the same request is sent again. */
type Undecided = Extract<
  TransactionOutcome,
  { readonly code: 'conflict' | 'throttled' | 'in-progress' | 'unavailable' }
>;

/**
 * Sends one request until it is decided, and no longer than the limits and the deadline allow.
 *
 * No attempt begins that could outlive the deadline: its timeout is what is left.
 *
 * @param attempt - makes one attempt with the timeout that it is given, in whole milliseconds
 * @param deadline - in the milliseconds of `clock.now`
 * @param onUndecided - told of every answer that was no decision
 * @returns the first decided outcome
 * @throws {@link CommitUndecidedError} when there was none in time
 */
export async function sendUntilDecided(
  attempt: (timeoutMs: number) => Promise<TransactionOutcome>,
  options: {
    readonly deadline: number;
    readonly limits: RetryLimits;
    readonly clock: Clock;
    readonly onUndecided: (code: Undecided['code']) => void;
  },
): Promise<Exclude<TransactionOutcome, Undecided>> {
  const { deadline, limits, clock } = options;
  let last: Undecided | undefined;
  for (let attempts = 0; ; attempts += 1) {
    const leftMs = deadline - clock.now();
    if (attempts >= limits.attemptsMax || leftMs < ATTEMPT_MS_MIN) {
      const bound = attempts >= limits.attemptsMax ? 'attempts allowed' : 'time that the invocation has left';
      const lastOutcome = last?.code ?? 'none';
      const cause = last?.code === 'unavailable' ? last.cause : undefined;
      throw new CommitUndecidedError(
        `no outcome within the ${bound}; the last of ${attempts} answers: ${lastOutcome}${nameOf(cause)}`,
        { attempts, lastOutcome, cause },
      );
    }
    // Whole milliseconds, because that is what timers and abort signals take.
    const outcome = await attempt(Math.floor(Math.min(limits.requestTimeoutMs, leftMs)));
    if (!isUndecided(outcome)) {
      return outcome;
    }
    last = outcome;
    options.onUndecided(outcome.code);
    const pauseMs = backoffMs(attempts, limits, clock);
    await clock.sleep(Math.max(0, Math.min(pauseMs, deadline - clock.now() - ATTEMPT_MS_MIN)));
  }
}

/** The name or code of an error, which says more than that there was none; never its message. */
function nameOf(cause: unknown): string {
  if (!(cause instanceof Error)) {
    return '';
  }
  return ` (${'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name})`;
}

function isUndecided(outcome: TransactionOutcome): outcome is Undecided {
  const { code } = outcome;
  return code === 'conflict' || code === 'throttled' || code === 'in-progress' || code === 'unavailable';
}
