import { mergeContributions } from '@oncefold/reducer';
import type { Prefix } from './cut-prefix.ts';
import type { Effect } from './effect.ts';
import { GuardViolationError, StrategyError } from './errors.ts';
import { mergeWrites } from './merge-writes.ts';
import type { CommitRecord, Guard, StrategySession } from './strategy.ts';
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

/**
 * Builds the transaction of a group: its guard, the effect of its delta, and the writes of its records.
 *
 * @throws {@link StrategyError} when a write of a record contradicts the effect on one item.
 * @throws {@link GuardViolationError} when anything else is on the item of a guard.
 */
export function buildCommit(prefix: Prefix, effect: Effect, session: StrategySession): GroupCommit {
  const guard = session.guard(prefix.records);
  const delta = mergeContributions(prefix.records.map((record) => record.contribution));
  const effectActions = effect.actions(delta, { name: guard.name, time: latestTime(prefix.records) });
  const merged = mergeWrites(prefix.writes, effectActions);
  if (merged.code === 'contradiction') {
    throw new StrategyError(
      `a write of a record contradicts the effect on one item: ${describe(merged.write)}`,
    );
  }
  const guardNames = new Set(guard.actions.map(itemName));
  const effectNames = new Set(effectActions.map(itemName));
  for (const [name, action] of merged.writes) {
    if (guardNames.has(name)) throw new GuardViolationError(`${describe(action)} is on the item of a guard`);
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
    if (time !== undefined && (latest === undefined || time > latest)) latest = time;
  }
  return latest;
}
