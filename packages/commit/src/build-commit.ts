import { DecimalError, mergeContributions } from '@oncefold/reducer';
import { cutPrefix, type Prefix } from './cut-prefix.ts';
import type { Effect } from './effect.ts';
import { WriteRefusedError } from './errors.ts';
import { mergeWrites } from './merge-writes.ts';
import type { CommitRecord, Guard, Strategy, StrategySession } from './strategy.ts';
import { type Action, type FailedCondition, itemName } from './transaction-port.ts';

/** One transaction of a group, and where each of its actions comes from. */
export interface GroupCommit {
  /** In an order of their own, whatever order the records came in: a store may compare a repeated request to the letter. */
  readonly actions: readonly Action[];
  readonly guard: Guard;
  /** Says who made the actions whose conditions did not hold. */
  failuresByOrigin(failures: readonly FailedCondition[]): {
    readonly guard: readonly FailedCondition[];
    readonly effect: readonly FailedCondition[];
    readonly writes: readonly FailedCondition[];
  };
}

/** What a group is built with. */
interface Work {
  readonly effect: Effect;
  readonly strategy: Strategy;
  readonly session: StrategySession;
  /** The record's place in the batch, for errors. */
  readonly indexOf: (record: CommitRecord) => number;
}

/**
 * Cuts a prefix of records and builds its transaction: its guard, the effect of its delta, and the writes of its records.
 *
 * Records whose sums or writes cannot be in one transaction are committed in several, as they would be in several batches.
 *
 * @param records - at least one, in the order of their shard
 * @throws {@link WriteRefusedError} when a write of one record contradicts its own effect or a guard on one item
 * @throws whatever {@link cutPrefix} throws
 */
export function buildNextCommit(
  records: readonly CommitRecord[],
  work: Work,
): { readonly group: readonly CommitRecord[]; readonly commit: GroupCommit } {
  let candidates = records;
  for (;;) {
    const prefix = cutPrefix(candidates, work);
    try {
      return { group: prefix.records, commit: buildCommit(prefix, work) };
    } catch (error) {
      const isAlone = prefix.records.length === 1;
      if (isAlone || !(error instanceof WriteRefusedError || error instanceof DecimalError)) {
        throw error;
      }
      candidates = prefix.records.slice(0, Math.ceil(prefix.records.length / 2));
    }
  }
}

function buildCommit(prefix: Prefix, { effect, session, indexOf }: Work): GroupCommit {
  const guard = session.guard(prefix.records);
  const delta = mergeContributions(prefix.records.map((record) => record.contribution));
  const effectActions = effect.actions(delta, { name: guard.name, time: latestTime(prefix.records) });
  const merged = mergeWrites(prefix.writes, effectActions);
  const refuse = (action: Action, reason: string): never => {
    const isOwn = (own: Action): boolean => itemName(own) === itemName(action);
    const owner = prefix.records.find(({ writes, preparatoryWrites }) =>
      [...(writes ?? []), ...(preparatoryWrites ?? [])].some(isOwn),
    );
    throw new WriteRefusedError(`a write of a record ${reason}: ${describe(action)}`, {
      recordIndex: owner === undefined ? -1 : indexOf(owner),
      action,
    });
  };
  if (merged.code === 'contradiction') {
    return refuse(merged.write, 'contradicts the effect on one item');
  }
  const guardNames = new Set(guard.actions.map(itemName));
  const effectNames = new Set(effectActions.map(itemName));
  const preparations = prefix.records.flatMap(({ preparatoryWrites = [] }) => preparatoryWrites);
  for (const action of [...merged.writes.values(), ...preparations]) {
    if (guardNames.has(itemName(action))) {
      refuse(action, 'is on the item of a guard');
    }
  }
  const named = [...guard.actions.map((action) => [itemName(action), action] as const), ...merged.writes];
  named.sort(([a], [b]) => (a < b ? -1 : 1));
  const nameOf = ({ action }: FailedCondition): string => itemName(action);
  return {
    actions: named.map(([, action]) => action),
    guard,
    failuresByOrigin: (failures) => ({
      guard: failures.filter((failure) => guardNames.has(nameOf(failure))),
      effect: failures.filter((failure) => effectNames.has(nameOf(failure))),
      writes: failures.filter(
        (failure) => !guardNames.has(nameOf(failure)) && !effectNames.has(nameOf(failure)),
      ),
    }),
  };
}

/** @returns what may be shown of an action: keys and values belong to the customer. */
export function describe(action: Action): string {
  return `${action.type} on ${action.table}`;
}

function latestTime(group: readonly CommitRecord[]): number | undefined {
  let latest: number | undefined;
  for (const { time } of group) {
    if (time !== undefined && (latest === undefined || time > latest)) {
      latest = time;
    }
  }
  return latest;
}
