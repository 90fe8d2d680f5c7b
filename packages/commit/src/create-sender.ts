import type { Tally } from './commit-report.ts';
import { type Clock, defaultRetryLimits, type RetryLimits, sendUntilDecided, systemClock } from './retry.ts';
import type { CommitRecord, DecidedOutcome } from './strategy.ts';
import type { Action, TransactionPort } from './transaction-port.ts';

/** Kept back from the function's timeout by default, in milliseconds. */
const RESERVE_MS = 1_000;

/** Sends one transaction until it is decided. `group`: the records that are in doubt while an answer is lost. */
export type Send = (
  actions: readonly Action[],
  options?: { readonly token?: string | undefined; readonly group?: readonly CommitRecord[] },
) => Promise<DecidedOutcome>;

/** What transactions are sent with. */
export interface SendOptions {
  readonly transactions: TransactionPort;
  /** Milliseconds until the function's own timeout, as `context.getRemainingTimeInMillis` tells. */
  readonly remainingMs: () => number;
  /** Kept back from the timeout, so that the commit ends before it. Default 1,000. */
  readonly reserveMs?: number;
  readonly limits?: RetryLimits;
  readonly clock?: Clock;
}

/** Wires port, retries and deadline together, and counts what is sent and answered. */
export function createSender(options: SendOptions, { report, unanswered }: Tally): Send {
  const { transactions, clock = systemClock, limits = defaultRetryLimits } = options;
  const deadline = clock.now() + options.remainingMs() - (options.reserveMs ?? RESERVE_MS);
  return async (actions, { token, group = [] } = {}) => {
    const outcome = await sendUntilDecided(
      (timeoutMs) => {
        report.requests += 1;
        return transactions.transact({ actions, timeoutMs, ...(token === undefined ? {} : { token }) });
      },
      {
        deadline,
        limits,
        clock,
        onUndecided: (code) => {
          if (code === 'conflict') {
            report.conflicts += 1;
          } else if (code === 'throttled') {
            report.throttles += 1;
          } else {
            report.unknowns += 1;
            for (const record of group) {
              unanswered.add(record);
            }
          }
        },
      },
    );
    if (outcome.code === 'committed') {
      report.replays += outcome.replayed ? 1 : 0;
      report.units.read += outcome.units.read;
      report.units.write += outcome.units.write;
    }
    return outcome;
  };
}
