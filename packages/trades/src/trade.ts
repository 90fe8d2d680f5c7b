import { addDecimals, type Contribution, type Decimal, negate, one } from '@oncefold/reducer';
import { MESSAGE_COUNT } from './hierarchy.ts';

/** One version of one trade. */
export interface Trade {
  readonly tradeId: string;
  /** A safe integer from 0; the newest version wins. */
  readonly version: number;
  readonly value: Decimal;
  /** Text by dimension, including dimensions that are not rolled up. */
  readonly hierarchy: ReadonlyMap<string, string>;
  /**
   * The dimensions that the trade is summed by, from the root down. They are kept with it, so that a change retracts
   * exactly what was added, whatever the pipeline sums new trades by.
   */
  readonly dimensions: readonly string[];
  /** The keys of the nodes that the trade counts in, from the root down: what its hierarchy is by its dimensions. */
  readonly nodes: readonly string[];
  /** Seconds since the epoch as canonical decimal text; it decides nothing. */
  readonly timestamp: string;
}

/**
 * Says whether two versions have equal value and hierarchy, which distinguishes a duplicate from a conflict.
 *
 * The timestamp and what the trade is summed by do not count.
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
 * The old trade is retracted by the dimensions that it was added by, the new one is added by its own. A removal
 * retracts the value but is no message, so it does not count; neither does a change of the item that is no change of the
 * trade. That adds nothing at all, except where the dimensions change that it is summed by. So `message_count` equals
 * what the state stage counted as applied, as long as nothing else writes to StateTable, and `oncefold check` can
 * compare the two.
 *
 * @param before - absent when the trade is new
 * @param after - absent when the trade was removed
 */
export function contributionOfTradeChange(before: Trade | undefined, after: Trade | undefined): Contribution {
  const isMessage = after !== undefined && !(before !== undefined && isSameVersion(before, after));
  if (!isMessage && haveSameDimensions(before, after)) {
    return new Map();
  }
  const contribution = new Map<string, Decimal>();
  if (before !== undefined) {
    addToNodes(contribution, before.nodes, negate(before.value));
  }
  if (after !== undefined) {
    addToNodes(contribution, after.nodes, after.value);
  }
  if (isMessage) {
    contribution.set(MESSAGE_COUNT, one);
  }
  return contribution;
}

/** What `contributionOfChange` does with paths, for nodes whose keys are known. */
function addToNodes(sums: Map<string, Decimal>, nodes: readonly string[], value: Decimal): void {
  for (const node of nodes) {
    const sum = sums.get(node);
    sums.set(node, sum === undefined ? value : addDecimals(sum, value));
  }
}

function isSameVersion(a: Trade, b: Trade): boolean {
  return a.version === b.version && isSamePayload(a, b);
}

function haveSameDimensions(a: Trade | undefined, b: Trade | undefined): boolean {
  if (a === undefined || b === undefined) {
    return a === b;
  }
  return (
    a.dimensions.length === b.dimensions.length &&
    a.dimensions.every((dimension, level) => b.dimensions[level] === dimension)
  );
}
