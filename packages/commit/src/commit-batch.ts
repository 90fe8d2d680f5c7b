import { buildNextCommit, describe, type GroupCommit, writeRefused } from './build-commit.ts';
import { assertRecords, preparationsOf } from './check-records.ts';
import { type CommitReport, createTally, noteFoundApplied, type Tally } from './commit-report.ts';
import { conditionOf } from './conditions.ts';
import { createSender, type Send, type SendOptions } from './create-sender.ts';
import { distinctRecords } from './distinct-records.ts';
import type { Effect } from './effect.ts';
import {
  CommitUndecidedError,
  GuardViolationError,
  StrategyError,
  TransactionRefusedError,
  WriteRefusedError,
} from './errors.ts';
import { type Replacements, replace, replaceInvalid, replaceUnfit } from './replace-records.ts';
import type {
  Batch,
  CommitRecord,
  DecidedOutcome,
  GuardFailure,
  Partition,
  Replacement,
  Strategy,
  StrategySession,
} from './strategy.ts';
import type { Action, FailedCondition } from './transaction-port.ts';
import { ownValue } from './value-types.ts';

/** How often other processes may move the guard without a record of this batch being decided by that. */
const GUARD_MOVES_MAX = 16;

/** A record whose condition did not hold although nothing else was committed with it: one of its own writes, or of the effect. */
export interface ConditionFailure {
  readonly record: CommitRecord;
  /** The record's place in the batch, from 0. */
  readonly index: number;
  /** At least one, each with the existing item. */
  readonly failures: readonly FailedCondition[];
}

/** What `commitBatch` works with. */
export interface CommitOptions extends SendOptions {
  readonly strategy: Strategy;
  readonly effect: Effect;
  /**
   * What becomes of a record whose condition does not hold: a condition of its own writes, or a limit of the effect. It is never
   * taken for the guard. By default `fail`: the batch fails with {@link WriteRefusedError}, after all records before this one are
   * applied. A function says what is committed in its place, with its guard, so that it is decided once and for ever; this needs
   * a guard in the transaction, which `ledger` and `checkpoint` have.
   *
   * Records are committed in groups, and a condition must hold for a whole group: a group in which it does not is divided until
   * the record is found.
   */
  readonly onConditionFailed?:
    | 'fail'
    | ((failure: ConditionFailure) => Replacement | Promise<Replacement>)
    | undefined;
  /**
   * Told after every step which records are not known to be applied, in the order of the batch: when the commit fails in the end, the
   * others are. Of records with one id only the first is named. They are those of the batch, whatever is committed in their place.
   */
  readonly onProgress?: ((pending: readonly CommitRecord[]) => void) | undefined;
}

/**
 * Commits a batch's effect, exactly once as far as the strategy's guard reaches.
 *
 * The batch is cut into prefixes that fit into a transaction; each is committed whole, with its guard, in order. After every
 * answer that tells something, all records that are still pending are partitioned again. When this function returns, every
 * record of the batch is applied; when it throws, a prefix may be, and the batch has to be delivered again.
 *
 * @param batch - the records of one invocation
 * @param options - the store, the strategy, the effect, and what bounds attempts and time
 * @returns what happened, by record and by request
 * @throws {@link CommitUndecidedError} when no outcome was to be had in time
 * @throws {@link RecordTooLargeError} when one record alone does not fit into a transaction, and has no `onRefused`
 * @throws {@link AmbiguousRecordsError} when two records have one id and do not say the same
 * @throws {@link WriteRefusedError} when a record's own writes cannot be made
 * @throws {@link StrategyError} when the batch lacks what the strategy needs
 * @throws {@link GuardLostError} when a guard is gone, so that it cannot be known what was applied
 * @throws {@link GuardViolationError} when a guard says what cannot be
 * @throws {@link TransactionRefusedError} when the store refuses the request itself
 */
export async function commitBatch(batch: Batch, options: CommitOptions): Promise<CommitReport> {
  if (typeof batch.source !== 'string' || batch.source === '') {
    throw new StrategyError('source: the batch must name the stream that its records come from');
  }
  const { strategy } = options;
  if (typeof strategy?.open !== 'function') {
    throw new StrategyError('strategy: it must be what a strategy returns, for example ledger({ … })');
  }
  const tally = createTally();
  if (batch.records.length === 0) {
    return tally.report;
  }
  const originals = new Map<CommitRecord, CommitRecord>();
  const refused = new Set<CommitRecord>();
  const indexOf = (record: CommitRecord): number => batch.records.indexOf(originals.get(record) ?? record);
  assertReplaceable(options);
  const replacements = { ...options, originals, refused, indexOf };
  const sendable = await replaceInvalid(batch.records, replacements);
  assertRecords(sendable, replacements);
  const delivered = await replaceUnfit(sendable, replacements);
  const { fresh, applied } = distinctRecords(delivered, strategy);
  noteFoundApplied(tally, applied);
  const session = strategy.open({ ...batch, records: fresh }, options);
  const work: Work = {
    ...options,
    session,
    tally,
    send: createSender(options, tally),
    prepared: new Set(),
    delivered,
    hasFound: false,
    suspects: 0,
    originals,
    refused,
    indexOf,
  };
  let pending = fresh;
  // A round decides a record, or learns that another process moved the guard; the latter is bounded here. Rounds that search for a
  // record whose condition fails, or replace one, do not count: there are fewer suspects after each, and a replacement is not replaced.
  for (let round = 0; pending.length > 0; round += work.suspects > 0 ? 0 : 1) {
    if (round >= fresh.length + GUARD_MOVES_MAX) {
      throw new CommitUndecidedError('another process kept moving the guard', {
        attempts: round,
        lastOutcome: 'condition-failed',
      });
    }
    const partition = await commitNext(pending, work);
    noteFoundApplied(tally, partition.applied);
    pending = partition.fresh;
    options.onProgress?.(
      originals.size === 0 ? pending : pending.map((record) => originals.get(record) ?? record),
    );
  }
  return tally.report;
}

interface Work extends CommitOptions, Replacements {
  readonly session: StrategySession;
  readonly send: Send;
  readonly tally: Tally;
  /** Records whose preparatory writes are made. */
  readonly prepared: Set<CommitRecord>;
  /** All records of the batch. */
  readonly delivered: readonly CommitRecord[];
  /** Whether the session has been asked what it finds. */
  hasFound: boolean;
  /** The first so many pending records hold one whose condition does not hold; 0: none is known. */
  suspects: number;
}

/** Commits the session's opening, finds out, or commits the next group; what this applied is in the report and not in the partition. */
async function commitNext(pending: readonly CommitRecord[], work: Work): Promise<Partition> {
  const { session, tally } = work;
  const opening = session.opening?.();
  if (opening !== undefined) {
    return commitOpening(opening, pending, work);
  }
  if (session.find !== undefined && !work.hasFound) {
    work.hasFound = true;
    return session.find(pending, work.delivered);
  }
  const candidates = work.suspects === 0 ? pending : pending.slice(0, Math.ceil(work.suspects / 2));
  const { group, commit } = buildNextCommit(candidates, work);
  await prepare(group, work);
  const restOf = () => pending.slice(group.length);
  const outcome = await sendGroup(group, commit, work);
  const { suspects } = work;
  work.suspects = 0;
  switch (outcome.code) {
    case 'committed':
      work.suspects = Math.max(0, suspects - group.length);
      if (outcome.replayed) {
        return { fresh: restOf(), applied: group };
      }
      noteApplied(group, work);
      return { fresh: restOf(), applied: [] };
    case 'already-applied':
      return { fresh: restOf(), applied: group };
    case 'condition-failed':
      return partitionPending({ group, commit, failures: outcome.failures, pending }, work);
    case 'token-mismatch': {
      tally.report.tokenMismatches += 1;
      if (session.onTokenMismatch === undefined) {
        throw new GuardViolationError('a token mismatch was reported for a guard without a token of its own');
      }
      const { fresh, applied } = session.onTokenMismatch(group);
      return { fresh: [...fresh, ...restOf()], applied };
    }
  }
}

async function commitOpening(
  opening: readonly Action[],
  pending: readonly CommitRecord[],
  { session, send }: Work,
): Promise<Partition> {
  const outcome = await send(opening);
  switch (outcome.code) {
    case 'committed':
      session.onOpened?.();
      return { fresh: pending, applied: [] };
    case 'condition-failed':
      return failGuard(session, { group: [], failures: outcome.failures, pending });
    default:
      throw new GuardViolationError(`the opening of a guard was answered by ${outcome.code}`);
  }
}

/** Writes what must be there before the records' transaction, because it may not fit into it. */
async function prepare(group: readonly CommitRecord[], { send, prepared }: Work): Promise<void> {
  for (const record of group) {
    if (record.preparatoryWrites === undefined || prepared.has(record)) {
      continue;
    }
    for (const actions of preparationsOf(record)) {
      const outcome = await send(actions);
      if (outcome.code !== 'committed') {
        throw new GuardViolationError(`a put without a condition was answered by ${outcome.code}`);
      }
    }
    prepared.add(record);
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
  const commit = (): Promise<DecidedOutcome> => send(actions, { token: guard.token, group });
  const outcome = await (session.around?.(group, commit) ?? commit());
  if (outcome.code === 'committed') {
    tally.report.commits += 1;
  }
  return outcome;
}

/** The guard first: what is applied already has met its own row and its own writes, too. */
async function partitionPending(
  failure: GuardFailure & { readonly commit: GroupCommit },
  work: Work,
): Promise<Partition> {
  const { session } = work;
  const { group, commit, pending } = failure;
  const { guard, effect, writes } = commit.failuresByOrigin(failure.failures);
  if (guard.length > 0) {
    return failGuard(session, { group, failures: guard, pending });
  }
  if (effect.some(({ action }) => conditionOf(action) === undefined)) {
    if (session.onRowExists === undefined) {
      throw new GuardViolationError('a row of sums exists although its guard held: its name is not unique');
    }
    const { fresh, applied } = session.onRowExists(group);
    return { fresh: [...fresh, ...pending.slice(group.length)], applied };
  }
  // A guard that is made of the group's ids does not know a part of the group.
  if (group.length > 1 && work.strategy.guardSize(1) > 0) {
    work.suspects = group.length;
    return { fresh: pending, applied: [] };
  }
  return await replaceConditional(pending, { group, failures: [...effect, ...writes] }, work);
}

/** A limit on what is no number fails like one that does not hold, but is the fault of another program. */
function assertNumbers(failures: readonly FailedCondition[]): void {
  for (const { action, existing = {}, otherAttributes = [] } of failures) {
    for (const attribute of action.type === 'update' ? Object.keys(action.add ?? {}) : []) {
      const value = ownValue(existing, attribute);
      if (otherAttributes.includes(attribute) || (value !== undefined && !('N' in value))) {
        throw new TransactionRefusedError(
          `${attribute} of an item of ${action.table} is no number, so that nothing can be added to it`,
        );
      }
    }
  }
}

/** Asks for what is committed in place of the first record, whose condition does not hold. */
async function replaceConditional(
  pending: readonly CommitRecord[],
  { group, failures }: Pick<GuardFailure, 'group' | 'failures'>,
  work: Work,
): Promise<Partition> {
  const { onConditionFailed, originals, indexOf } = work;
  const record = pending[0] as CommitRecord;
  const index = indexOf(record);
  const { action } = failures[0] as FailedCondition;
  assertNumbers(failures);
  if (typeof onConditionFailed !== 'function' || originals.has(record)) {
    const message = `the condition of a record failed: ${describe(action)}`;
    throw group.length === 1
      ? new WriteRefusedError(message, { recordIndex: index, action })
      : writeRefused(message, { action, group, indexOf });
  }
  const replacement = replace(record, await onConditionFailed({ record, index, failures }), work);
  assertRecords([replacement], work);
  work.suspects = 1;
  return { fresh: [replacement, ...pending.slice(1)], applied: [] };
}

function noteApplied(group: readonly CommitRecord[], { tally: { report }, originals, refused }: Work): void {
  for (const record of group) {
    report.applied.push(record.id);
    if (record.isInvalid === true || refused.has(record)) {
      report.refused.push(record.id);
    } else if (originals.has(record)) {
      report.conditionFailed.push(record.id);
    }
  }
}

/**
 * Refuses an `onConditionFailed` that a strategy has no guard for: what is committed in place of a record must be decided with its
 * guard, or a redelivery would decide again.
 *
 * @throws {@link StrategyError} when it is neither `fail` nor a function, or a function and the guard is not in the transaction
 */
export function assertReplaceable({
  onConditionFailed = 'fail',
  strategy,
}: {
  readonly strategy: Pick<Strategy, 'guardSize' | 'code'>;
  readonly onConditionFailed?: unknown;
}): void {
  if (onConditionFailed !== 'fail' && typeof onConditionFailed !== 'function') {
    throw new StrategyError("onConditionFailed must be 'fail' or a function");
  }
  if (typeof onConditionFailed === 'function' && strategy.guardSize(1) === 0) {
    throw new StrategyError(
      `onConditionFailed needs a guard in the transaction, which ${strategy.code} has not: take ledger or checkpoint`,
    );
  }
}

function failGuard(session: StrategySession, failure: GuardFailure): Partition {
  if (session.onGuardFailed === undefined) {
    throw new GuardViolationError('a condition failed for a guard that has none');
  }
  return session.onGuardFailed(failure);
}
