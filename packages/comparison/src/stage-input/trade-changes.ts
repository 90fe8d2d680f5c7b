import { MESSAGE_COUNT } from '@oncefold/trades';
import { createWorkload, type TradeClaim, truthOf } from '@oncefold/workshop';
import { Sums } from './sums.ts';

/** A new trade, or a newer version of one. */
export interface TradeChange {
  /** Absent for a new trade. */
  readonly before: TradeClaim | undefined;
  readonly after: TradeClaim;
}

/** When the first trade is made, in milliseconds since the epoch: no input depends on the clock. */
export const START_MILLISECONDS = 1_763_884_800_000;
const ONE = 10n ** 12n;

/**
 * Makes the changes of the state table that a workload of the lab leads to.
 *
 * @returns changes in order of arrival
 */
export function tradeChanges(options: { readonly messages: number; readonly seed: number }): TradeChange[] {
  const workload = createWorkload({ ...options, startMilliseconds: START_MILLISECONDS });
  const newest = new Map<string, TradeClaim>();
  const changes: TradeChange[] = [];
  const messages = workload.calls.flatMap((call) => call.messages);
  for (const message of messages) {
    if (message.kind === 'invalid') {
      continue;
    }
    const before = newest.get(message.claim.tradeId);
    if (before !== undefined && before.version >= message.claim.version) {
      continue;
    }
    newest.set(message.claim.tradeId, message.claim);
    changes.push({ before, after: message.claim });
  }
  const sums = sumChanges(changes).format();
  for (const [node, sum] of truthOf(messages, workload.dimensions).nodes) {
    if ((sums.get(node) ?? '0') !== sum) {
      throw new Error(`invariant: two computations of ${node} differ`);
    }
  }
  return changes;
}

/**
 * Adds up changes with arithmetic of its own: it shares no code with the functions that are compared with it.
 *
 * @param pathOf - reorders the path of a trade for the roll-up; by default the order of the lab
 */
export function sumChanges(
  changes: Iterable<TradeChange>,
  pathOf: (path: readonly string[]) => readonly string[] = (path) => path,
): Sums {
  const sums = new Sums();
  for (const { before, after } of changes) {
    for (const [claim, sign] of [[before, -1n] as const, [after, 1n] as const]) {
      if (claim === undefined) {
        continue;
      }
      const path = pathOf(claim.path);
      for (let level = 1; level <= path.length; level += 1) {
        sums.add(path.slice(0, level).join(':'), sign * claim.units);
      }
    }
    sums.add(MESSAGE_COUNT, ONE);
  }
  return sums;
}
