import { buildNextCommit, describe, type GroupCommit } from './build-commit.ts';
import { assertWrites, preparationsOf } from './check-writes.ts';
import { distinctRecords } from './distinct-records.ts';
import type { Effect } from './effect.ts';
import { CommitUndecidedError, GuardViolationError, StrategyError, WriteRefusedError } from './errors.ts';
import { type Clock, defaultRetryLimits, type RetryLimits, sendUntilDecided, systemClock } from './retry.ts';
import type {
  Batch,
  CommitRecord,
  DecidedOutcome,
  Partition,
  Strategy,
  StrategySession,
} from './strategy.ts';
import {
  type Action,
  type ConsumedUnits,
  type FailedCondition,
  itemName,
  type TransactionPort,
} from './transaction-port.ts';

/** Kept back from the function's timeout by default, in milliseconds. */
const RESERVE_MS = 1_000;

/** How often other processes may move the guard without a record of this batch being decided by that. */
const GUARD_MOVES_MAX = 16;

/** What committing one batch came to. Counts are of this call only. */
export interface CommitReport {
  /** Ids of the records that this call applied: the store has said so. */
  readonly applied: readonly string[];
  /** Ids of the records that the guard knew as applied before this call sent them, or that repeat another of the batch. */
  readonly alreadyApplied: readonly string[];
  /**
   * Ids of the records that were found applied after an answer to this call had been lost. They count once in the sums; whether
   * this call applied them or another one did is not known.
   */
  readonly appliedUnconfirmed: readonly string[];
  /** Groups whose transaction was written. */
  readonly commits: number;
  /** Requests that were sent. */
  readonly requests: number;
  /** Answers "another write holds an item". */
  readonly conflicts: number;
  /** Answers "slow down". */
  readonly throttles: number;
  /** Answers that left open whether it was written: none, one that cannot be read, a server error, "in progress". */
  readonly unknowns: number;
  /** Transactions that the store only repeated its answer to. */
  readonly replays: number;
  /** Groups whose token had been used with other actions: taken as applied, worth an alarm. */
  readonly tokenMismatches: number;
  /** Capacity of the transactions that were written, as the store told it. */
  readonly units: ConsumedUnits;
}

/** What `commitBatch` works with. */
export interface CommitOptions {
  readonly transactions: TransactionPort;
  readonly strategy: Strategy;
  readonly effect: Effect;
  /** Milliseconds until the function's own timeout, as `context.getRemainingTimeInMillis` tells. */
  readonly remainingMs: () => number;
  /** Kept back from the timeout, so that the commit ends before it. Default 1,000. */
  readonly reserveMs?: number;
  readonly limits?: RetryLimits;
  readonly clock?: Clock;
}

/**
 * Commits a batch's effect, exactly once as far as the strategy's guard reaches.
 *
 * The batch is cut into prefixes that fit into a transaction; each is committed whole, with its guard, in order. After every
 * answer that tells something, all records that are still pending are divided again. When this function returns, every record
 * of the batch is applied; when it throws, a prefix may be, and the batch has to be delivered again.
 *
 * @param batch - the records of one invocation
 * @returns what happened, by record and by request
 * @throws {@link CommitUndecidedError} when no outcome was to be had in time
 * @throws {@link RecordTooLargeError} when one record alone does not fit into a transaction
 * @throws {@link AmbiguousRecordsError} when two records have one id and do not say the same
 * @throws {@link WriteRefusedError} when a record's own writes cannot be made
 * @throws {@link StrategyError} when the batch lacks what the strategy needs
 * @throws {@link GuardLostError} when a guard is gone, so that it cannot be known what was applied
 * @throws {@link GuardViolationError} when a guard says what cannot be
 * @throws {@link TransactionRefusedError} when the store refuses the request itself
 */
export async function commitBatch(batch: Batch, options: CommitOptions): Promise<CommitReport> {
  const tally = createTally();
  if (typeof batch.source !== 'string' || batch.source === '') {
    throw new StrategyError('source: the batch must name the stream that its records come from');
  }
  if (typeof options.strategy?.open !== 'function') {
    throw new StrategyError('strategy: it must be what a strategy returns, for example ledger({ … })');
  }
  if (batch.records.length === 0) {
    return tally;
  }
  assertWrites(batch.records);
  const { fresh, applied } = distinctRecords(batch.records, options.strategy);
  tally.alreadyApplied.push(...applied.map(({ id }) => id));
  const session = options.strategy.open({ ...batch, records: fresh }, options);
  await commitPending(fresh, { ...options, session, send: createSender(options, tally), tally, batch });
  return tally;
}

type Tally = { -readonly [K in keyof CommitReport]: CommitReport[K] } & {
  applied: string[];
  alreadyApplied: string[];
  appliedUnconfirmed: string[];
  units: { read: number; write: number };
};

type Send = (actions: readonly Action[], token?: string) => Promise<DecidedOutcome>;

interface Work extends CommitOptions {
  readonly batch: Batch;
  readonly session: StrategySession;
  readonly send: Send;
  readonly tally: Tally;
}

async function commitPending(records: readonly CommitRecord[], work: Work): Promise<void> {
  const { session, tally } = work;
  const prepared = new Set<CommitRecord>();
  /** Records of groups to which some answer was lost. */
  const unanswered = new Set<CommitRecord>();
  let pending = records;
  const take = ({ fresh, applied }: Partition): void => {
    for (const record of applied) {
      (unanswered.has(record) ? tally.appliedUnconfirmed : tally.alreadyApplied).push(record.id);
    }
    pending = fresh;
  };
  const indexOf = (record: CommitRecord): number => work.batch.records.indexOf(record);

  // A round decides a record, or learns that another process moved the guard; the latter is bounded here.
  for (let round = 0; pending.length > 0; round += 1) {
    if (round >= records.length + GUARD_MOVES_MAX) {
      throw guardKeptMoving(round);
    }
    const opening = session.opening?.();
    if (opening !== undefined) {
      const outcome = await work.send(opening);
      if (outcome.code === 'committed') {
        session.onOpened?.();
      } else if (outcome.code === 'condition-failed') {
        take(failGuard(session, { group: [], failures: outcome.failures, pending }));
      } else {
        throw new GuardViolationError(`the opening of a guard was answered by ${outcome.code}`);
      }
      continue;
    }
    const { group, commit } = buildNextCommit(pending, { ...work, indexOf });
    for (const record of group) {
      if (!prepared.has(record)) {
        await prepare(record, work);
      }
      prepared.add(record);
    }
    const rest = pending.slice(group.length);
    const unknownsBefore = tally.unknowns;
    const outcome = await sendGroup(group, commit, work);
    if (tally.unknowns > unknownsBefore) {
      for (const record of group) {
        unanswered.add(record);
      }
    }
    switch (outcome.code) {
      case 'committed':
        if (outcome.replayed) {
          take({ fresh: rest, applied: group });
        } else {
          tally.applied.push(...group.map(({ id }) => id));
          pending = rest;
        }
        break;
      case 'already-applied':
        take({ fresh: rest, applied: group });
        break;
      case 'condition-failed':
        take(divide({ group, commit, failures: outcome.failures, pending, session, indexOf }));
        break;
      case 'token-mismatch': {
        tally.tokenMismatches += 1;
        if (session.onTokenMismatch === undefined) {
          throw new GuardViolationError(
            'a token mismatch was reported for a guard without a token of its own',
          );
        }
        const { fresh, applied } = session.onTokenMismatch(group);
        take({ fresh: [...fresh, ...rest], applied });
        break;
      }
    }
  }
}

/** A group that adds nothing and guards nothing is done. */
async function sendGroup(
  group: readonly CommitRecord[],
  { actions, guard }: GroupCommit,
  { session, send, tally }: Work,
): Promise<DecidedOutcome> {
  if (actions.length === 0) {
    return { code: 'committed', replayed: false, units: { read: 0, write: 0 } };
  }
  const commit = (): Promise<DecidedOutcome> => send(actions, guard.token);
  const outcome = await (session.around?.(group, commit) ?? commit());
  if (outcome.code === 'committed') {
    tally.commits += 1;
  }
  return outcome;
}

/** Writes what must be there before the record's transaction, because it may not fit into it. */
async function prepare(record: CommitRecord, { send }: Work): Promise<void> {
  for (const actions of preparationsOf(record)) {
    const outcome = await send(actions);
    if (outcome.code !== 'committed') {
      throw new GuardViolationError(`a put without a condition was answered by ${outcome.code}`);
    }
  }
}

function divide(failed: {
  readonly group: readonly CommitRecord[];
  readonly commit: GroupCommit;
  readonly failures: readonly FailedCondition[];
  readonly pending: readonly CommitRecord[];
  readonly session: StrategySession;
  readonly indexOf: (record: CommitRecord) => number;
}): Partition {
  const { group, commit, pending, session, indexOf } = failed;
  const { guard, effect, writes } = commit.failuresByOrigin(failed.failures);
  // The guard first: what is applied already has met its own row and its own writes, too.
  if (guard.length > 0) {
    return failGuard(session, { group, failures: guard, pending });
  }
  if (effect.length > 0) {
    if (session.onRowExists === undefined) {
      throw new GuardViolationError('a row of sums exists although its guard held: its name is not unique');
    }
    const { fresh, applied } = session.onRowExists(group);
    return { fresh: [...fresh, ...pending.slice(group.length)], applied };
  }
  const action = (writes[0] as FailedCondition).action;
  const owner = group.find(({ writes: own = [] }) =>
    own.some((write) => itemName(write) === itemName(action)),
  );
  throw new WriteRefusedError(`the condition of a record's own write failed: ${describe(action)}`, {
    recordIndex: owner === undefined ? -1 : indexOf(owner),
    action,
  });
}

function failGuard(
  session: StrategySession,
  failure: Parameters<NonNullable<StrategySession['onGuardFailed']>>[0],
): Partition {
  if (session.onGuardFailed === undefined) {
    throw new GuardViolationError('a condition failed for a guard that has none');
  }
  return session.onGuardFailed(failure);
}

function createSender(options: CommitOptions, tally: Tally): Send {
  const clock = options.clock ?? systemClock;
  const retry = {
    clock,
    deadline: clock.now() + options.remainingMs() - (options.reserveMs ?? RESERVE_MS),
    limits: options.limits ?? defaultRetryLimits,
    onUndecided: (code: 'conflict' | 'throttled' | 'in-progress' | 'unavailable'): void => {
      if (code === 'conflict') {
        tally.conflicts += 1;
      } else if (code === 'throttled') {
        tally.throttles += 1;
      } else {
        tally.unknowns += 1;
      }
    },
  };
  return async (actions, token) => {
    const outcome: DecidedOutcome = await sendUntilDecided((timeoutMs) => {
      tally.requests += 1;
      return options.transactions.transact({ actions, timeoutMs, ...(token === undefined ? {} : { token }) });
    }, retry);
    if (outcome.code === 'committed') {
      tally.replays += outcome.replayed ? 1 : 0;
      tally.units.read += outcome.units.read;
      tally.units.write += outcome.units.write;
    }
    return outcome;
  };
}

function guardKeptMoving(rounds: number): CommitUndecidedError {
  return new CommitUndecidedError('another process kept moving the guard', {
    attempts: rounds,
    lastOutcome: 'condition-failed',
  });
}

function createTally(): Tally {
  return {
    applied: [],
    alreadyApplied: [],
    appliedUnconfirmed: [],
    commits: 0,
    requests: 0,
    conflicts: 0,
    throttles: 0,
    unknowns: 0,
    replays: 0,
    tokenMismatches: 0,
    units: { read: 0, write: 0 },
  };
}
