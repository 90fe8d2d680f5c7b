import { type Contribution, mergeContributions } from '../contribution.ts';
import { type Decimal, one } from '../decimal.ts';
import { checkSegments, type Hierarchy, HierarchyError, messageCountName } from '../hierarchy.ts';
import { contributionOfChange, type Leaf } from '../roll-up.ts';

/** One version of one trade. */
export interface Trade {
  readonly tradeId: string;
  /** A safe integer from 0; the newest version wins. */
  readonly version: number;
  readonly value: Decimal;
  /** Text by dimension, including dimensions that are not rolled up. */
  readonly hierarchy: ReadonlyMap<string, string>;
  /** Seconds since the epoch as canonical decimal text; it decides nothing. */
  readonly timestamp: string;
}

/**
 * Says whether two messages claim the same about a trade, which tells a duplicate from a conflict.
 *
 * @param a - One version of a trade.
 * @param b - Another one.
 * @returns True when value and hierarchy are equal; the timestamp does not count.
 */
export function isSamePayload(a: Trade, b: Trade): boolean {
  if (a.value !== b.value || a.hierarchy.size !== b.hierarchy.size) {
    return false;
  }
  for (const [dimension, segment] of a.hierarchy) {
    if (b.hierarchy.get(dimension) !== segment) {
      return false;
    }
  }
  return true;
}

/**
 * Turns a change of a trade into what it adds to the risk nodes and to `message_count`.
 *
 * A removal takes the value back but is no message, so it does not count.
 *
 * @param before - The trade before the change; absent when it is new.
 * @param after - The trade after the change; absent when it was removed.
 * @param hierarchy - The levels to sum by; `message_count` must be reserved in it.
 * @returns The contribution of the change.
 * @throws {@link HierarchyError} When the hierarchy would let a node be called `message_count`.
 */
export function contributionOfTradeChange(
  before: Trade | undefined,
  after: Trade | undefined,
  hierarchy: Hierarchy,
): Contribution {
  if (!hierarchy.reserved.includes(messageCountName)) {
    throw new HierarchyError('not-reserved', `The hierarchy must reserve ${messageCountName}.`);
  }
  const nodes = contributionOfChange(leafOf(before, hierarchy), leafOf(after, hierarchy));
  return after === undefined ? nodes : mergeContributions([nodes, new Map([[messageCountName, one]])]);
}

function leafOf(trade: Trade | undefined, hierarchy: Hierarchy): Leaf | undefined {
  if (trade === undefined) {
    return undefined;
  }
  const check = checkSegments(hierarchy, trade.hierarchy);
  if (check.code === 'invalid') {
    throw new Error(
      `A trade was parsed for another hierarchy: ${check.dimension} is refused, ${check.reason}.`,
    );
  }
  return { path: check.path, measure: trade.value };
}
