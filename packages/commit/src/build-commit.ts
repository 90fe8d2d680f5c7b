import { DecimalError, sumContributions } from '@oncefold/reducer';
import { cutPrefix, type Prefix } from './cut-prefix.ts';
import type { Effect, GroupIdentity } from './effect.ts';
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

/** Who made an action. */
type Origin = 'guard' | 'effect' | 'writes';

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

const NONE: readonly Action[] = [];

function buildCommit(prefix: Prefix, { effect, session, indexOf }: Work): GroupCommit {
  const guard = session.guard(prefix.records);
  const delta = sumContributions(prefix.records.map((record) => record.contribution));
  const identity: GroupIdentity = {
    get name() {
      return guard.name;
    },
    ...timesOf(prefix.records),
  };
  const effectActions = effect.actions(delta, identity);
  const merged = mergeWrites(prefix.writes, effectActions);
  if (merged.code === 'contradiction') {
    const fault = prefix.writes.has(itemName(merged.write))
      ? 'a write of a record contradicts the effect on one item'
      : 'two tables of the effect contradict each other on one item, so begin their keys with different words';
    throw writeRefused(`${fault}: ${describe(merged.write)}`, {
      action: merged.write,
      group: prefix.records,
      indexOf,
    });
  }
  const guards = guard.actions.map((action) => [itemName(action), action] as const);
  const namesOfGuards = () => new Set(guards.map(([name]) => name));
  const named = [...guards, ...merged.writes];
  named.sort(([a], [b]) => (a < b ? -1 : 1));
  const preparations = prefix.records.flatMap(({ preparatoryWrites }) => preparatoryWrites ?? NONE);
  // Equal names are neighbors now. To hash the names of all guards would take longer than to sort them.
  if (preparations.length > 0 || named.some(([name], index) => name === named[index + 1]?.[0])) {
    const guardNames = namesOfGuards();
    for (const action of [...merged.writes.values(), ...preparations]) {
      if (guardNames.has(itemName(action))) {
        throw writeRefused(`a write of a record is on the item of a guard: ${describe(action)}`, {
          action,
          group: prefix.records,
          indexOf,
        });
      }
    }
  }
  return {
    actions: named.map(([, action]) => action),
    guard,
    failuresByOrigin: (failures) => {
      const guardNames = namesOfGuards();
      const effectNames = new Set(effectActions.map(itemName));
      const originOf = ({ action }: FailedCondition): Origin => {
        const name = itemName(action);
        return guardNames.has(name) ? 'guard' : effectNames.has(name) ? 'effect' : 'writes';
      };
      const { guard = [], effect = [], writes = [] } = Object.groupBy(failures, originOf);
      return { guard, effect, writes };
    },
  };
}

/** Finds the record whose write is refused; a write of its transaction is looked for before a preparatory one. */
export function writeRefused(
  message: string,
  refused: {
    readonly action: Action;
    readonly group: readonly CommitRecord[];
    readonly indexOf: (record: CommitRecord) => number;
  },
): WriteRefusedError {
  const { action, group, indexOf } = refused;
  const isOwn = (own: Action): boolean => itemName(own) === itemName(action);
  const owner =
    group.find(({ writes }) => writes?.some(isOwn)) ??
    group.find(({ preparatoryWrites }) => preparatoryWrites?.some(isOwn)) ??
    (group.length === 1 ? group[0] : undefined);
  return new WriteRefusedError(message, { recordIndex: owner === undefined ? -1 : indexOf(owner), action });
}

/** Says what may be shown of an action: keys and values belong to the customer. */
export function describe(action: Action): string {
  return `${action.type} on ${action.table}`;
}

function timesOf(group: readonly CommitRecord[]): Omit<GroupIdentity, 'name'> {
  let earliestTime: number | undefined;
  let latestTime: number | undefined;
  for (const { time } of group) {
    if (time !== undefined) {
      earliestTime = Math.min(time, earliestTime ?? time);
      latestTime = Math.max(time, latestTime ?? time);
    }
  }
  return { earliestTime, latestTime };
}
