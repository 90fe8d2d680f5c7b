import { mergeContributions } from '@oncefold/reducer';
import { cutPrefix } from './cut-prefix.ts';
import type { Effect, GroupIdentity } from './effect.ts';
import { CommitUndecidedError, GuardViolationError } from './errors.ts';
import {
  defaultRetryLimits,
  type RetryLimits,
  type Surroundings,
  sendUntilDecided,
  systemSurroundings,
} from './retry.ts';
import type {
  Batch,
  CommitRecord,
  DecidedOutcome,
  DecidedRead,
  Division,
  Strategy,
  StrategySession,
} from './strategy.ts';
import { type Action, type ConsumedUnits, itemName, type TransactionPort } from './transaction-port.ts';

/** Kept back from the function's timeout by default, in milliseconds. */
const RESERVE_MS = 1_000;

/** How often a guard may turn out moved by another process without that settling a record of this batch. */
const GUARD_MOVES_MAX = 16;

/** What committing one batch came to. Counts are of this call only. */
export interface CommitReport {
  /** Ids of the records that this call folded in. */
  readonly applied: readonly string[];
  /** Ids of the records that the guard knew as applied before. */
  readonly alreadyApplied: readonly string[];
  /** Transactions that were written. */
  readonly commits: number;
  /** Requests that were sent, reads of a guard included. */
  readonly requests: number;
  /** Answers "another write holds an item". */
  readonly conflicts: number;
  /** Answers "slow down". */
  readonly throttles: number;
  /** Answers that left open whether it was written: no answer, a server error, "in progress". */
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
  /** Kept back from the timeout, so that the commit ends before it. Default {@link RESERVE_MS}. */
  readonly reserveMs?: number;
  readonly limits?: RetryLimits;
  readonly surroundings?: Surroundings;
}

/**
 * Folds a batch into its effect, exactly once as far as the strategy's guard reaches.
 *
 * The batch is cut into prefixes that fit into a transaction; each is committed whole, with its guard, in order. Records that
 * a guard knows as applied are dropped and the rest is folded anew. When this function returns, every record of the batch is
 * applied; when it throws, a prefix may be, and the batch has to come again.
 *
 * @param batch - the records of one invocation.
 * @returns what happened, by record and by request.
 * @throws {@link CommitUndecidedError} when no outcome was to be had in time.
 * @throws {@link RecordTooLargeError} when one record alone does not fit into a transaction.
 * @throws {@link StrategyError} when the batch lacks what the strategy needs.
 * @throws {@link GuardViolationError} when a guard says what cannot be.
 * @throws {@link TransactionRefusedError} when the store refuses the request itself.
 */
export async function commitBatch(batch: Batch, options: CommitOptions): Promise<CommitReport> {
  const tally = createTally();
  try {
    await commitGroups(batch, options, tally);
  } catch (error) {
    options.strategy.forget(batch);
    throw error;
  }
  return tally;
}

type Tally = { -readonly [K in keyof CommitReport]: CommitReport[K] } & {
  applied: string[];
  alreadyApplied: string[];
  units: { read: number; write: number };
};

async function commitGroups(batch: Batch, options: CommitOptions, tally: Tally): Promise<void> {
  if (batch.records.length === 0) return;
  const surroundings = options.surroundings ?? systemSurroundings;
  const retry = {
    deadline: surroundings.now() + options.remainingMs() - (options.reserveMs ?? RESERVE_MS),
    limits: options.limits ?? defaultRetryLimits,
    surroundings,
    onUndecided: (code: 'conflict' | 'throttled' | 'in-progress' | 'unavailable') => {
      if (code === 'conflict') tally.conflicts += 1;
      else if (code === 'throttled') tally.throttles += 1;
      else tally.unknowns += 1;
    },
  };
  const read: DecidedRead = async (target) => {
    const outcome = await sendUntilDecided((timeoutMs) => {
      tally.requests += 1;
      return options.transactions.read({ ...target, timeoutMs });
    }, retry);
    return outcome.code === 'found' ? outcome.item : undefined;
  };

  const session = await options.strategy.open(batch, { read, remainingMs: options.remainingMs });
  let pending = settle(session.admit(batch.records), tally.alreadyApplied);
  // A round settles a record, or learns that another process moved the guard; the latter is bounded here.
  const roundsMax = batch.records.length + GUARD_MOVES_MAX;
  for (let round = 0; pending.length > 0; round += 1) {
    if (round >= roundsMax) {
      throw new CommitUndecidedError('another process kept moving the guard', {
        attempts: round,
        lastOutcome: 'condition-failed',
      });
    }
    const group = cutPrefix(pending, options);
    const unknownsBefore = tally.unknowns;
    const { actions, guard } = buildCommit(group, options.effect, session);
    const commit = (): Promise<DecidedOutcome> =>
      sendUntilDecided((timeoutMs) => {
        tally.requests += 1;
        const token = guard.token === undefined ? {} : { token: guard.token };
        return options.transactions.transact({ actions, timeoutMs, ...token });
      }, retry);
    const outcome = await (session.around?.(group, commit) ?? commit());
    const rest = pending.slice(group.length);
    // Found applied after an answer was lost: most likely by the very attempt whose answer was lost, so it is counted as this
    // call's work. The sums do not depend on it.
    const found = tally.unknowns > unknownsBefore ? tally.applied : tally.alreadyApplied;
    switch (outcome.code) {
      case 'committed':
        session.onCommitted(group);
        tally.commits += 1;
        tally.replays += outcome.replayed ? 1 : 0;
        tally.units.read += outcome.units.read;
        tally.units.write += outcome.units.write;
        (outcome.replayed ? found : tally.applied).push(...group.map((record) => record.id));
        pending = rest;
        break;
      case 'already-applied':
        found.push(...group.map((record) => record.id));
        pending = rest;
        break;
      case 'condition-failed':
        pending = [...settle(session.onConditionFailed(group, guard, outcome.failures), found), ...rest];
        break;
      case 'token-mismatch':
        tally.tokenMismatches += 1;
        pending = [...settle(session.onTokenMismatch(group), found), ...rest];
        break;
    }
  }
}

function buildCommit(
  group: readonly CommitRecord[],
  effect: Effect,
  session: StrategySession,
): { actions: readonly Action[]; guard: ReturnType<StrategySession['guard']> } {
  const guard = session.guard(group);
  const identity: GroupIdentity = { name: guard.name, time: latestTime(group) };
  const delta = mergeContributions(group.map((record) => record.contribution));
  // A plain put names what it writes, so a repeated record writes the same item again: once is enough.
  const writes = new Map(
    group.flatMap((record) => record.writes ?? []).map((write) => [itemName(write), write]),
  ).values();
  // In an order of their own, whatever order the records came in: a store may compare a repeated request to the letter.
  const actions = [...guard.actions, ...effect.actions(delta, identity), ...writes]
    .map((action) => ({ action, name: itemName(action) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const [index, { name }] of actions.entries()) {
    if (name === actions[index + 1]?.name)
      throw new GuardViolationError('two actions of one transaction are on one item');
  }
  return { actions: actions.map(({ action }) => action), guard };
}

function settle(division: Division, applied: string[]): readonly CommitRecord[] {
  applied.push(...division.applied.map((record) => record.id));
  return division.fresh;
}

function latestTime(group: readonly CommitRecord[]): number | undefined {
  let latest: number | undefined;
  for (const { time } of group) {
    if (time !== undefined && (latest === undefined || time > latest)) latest = time;
  }
  return latest;
}

function createTally(): Tally {
  return {
    applied: [],
    alreadyApplied: [],
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
