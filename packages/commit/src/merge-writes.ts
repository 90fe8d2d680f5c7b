import { isDeepStrictEqual } from 'node:util';
import { addDecimals, DecimalError, formatDecimal, parseSum } from '@oncefold/reducer';
import { type Action, itemName } from './transaction-port.ts';

/** The writes of one group, at most one on each item. */
export type WritesByItem = ReadonlyMap<string, Action>;

/** The union of both, or the first write that contradicts another one on its item. */
export type MergeResult =
  | { readonly code: 'merged'; readonly writes: WritesByItem }
  | { readonly code: 'contradiction'; readonly write: Action };

/**
 * Adds writes to others, so that none is lost: two increments of one number add up, equal writes are one, and anything else on
 * one item is a contradiction.
 *
 * @param writes - is not changed
 * @param more - in their order
 */
export function mergeWrites(writes: WritesByItem, more: readonly Action[]): MergeResult {
  if (more.length === 0) {
    return { code: 'merged', writes };
  }
  const merged = new Map(writes);
  for (const write of more) {
    const name = itemName(write);
    const other = merged.get(name);
    const both = other === undefined ? write : mergeTwo(other, write);
    if (both === undefined) {
      return { code: 'contradiction', write };
    }
    merged.set(name, both);
  }
  return { code: 'merged', writes: merged };
}

function mergeTwo(a: Action, b: Action): Action | undefined {
  if (a.type !== 'increment' || b.type !== 'increment') {
    return isDeepStrictEqual(a, b) ? a : undefined;
  }
  if (a.attribute !== b.attribute) {
    return undefined;
  }
  try {
    return { ...a, by: formatDecimal(addDecimals(parseSum(a.by), parseSum(b.by))) };
  } catch (error) {
    // DynamoDB takes numbers that have no exact sum here, and adds them up itself.
    if (error instanceof DecimalError) {
      return undefined;
    }
    throw error;
  }
}
