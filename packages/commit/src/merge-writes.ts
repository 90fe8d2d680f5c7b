import { isDeepStrictEqual } from 'node:util';
import { addDecimals, formatDecimal, parseSum } from '@oncefold/reducer';
import { isTooLarge } from './assert-sendable.ts';
import { isTooLong } from './expressions.ts';
import { type Action, type AttributeValue, itemName } from './transaction-port.ts';

/** The writes of one group, at most one on each item. */
export type WritesByItem = ReadonlyMap<string, Action>;

/** The union of both, or the first write that contradicts another one on its item. */
export type MergeResult =
  | { readonly code: 'merged'; readonly writes: WritesByItem }
  | { readonly code: 'contradiction'; readonly write: Action };

/**
 * Adds writes to others, so that none is lost: updates of one item without a condition are one update, where what they add adds up and
 * what they set is equal, and all of it fits into one expression and one item; equal puts without a condition are one, and equal
 * checks; anything else on one item is a contradiction. A write with a condition is never one with another: the second one's condition
 * must be met by what the first one has written.
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
  if (a.type !== 'update' || b.type !== 'update') {
    return isSameAgain(a) && isDeepStrictEqual(a, b) ? a : undefined;
  }
  if (a.condition !== undefined || b.condition !== undefined) {
    return undefined;
  }
  const parts = {
    add: unionOf(a.add, b.add, sumOf),
    set: unionOf(a.set, b.set, onlyEqual),
    setIfAbsent: unionOf(a.setIfAbsent, b.setIfAbsent, onlyEqual),
  };
  if (parts.add === null || parts.set === null || parts.setIfAbsent === null) {
    return undefined;
  }
  const { add, set, setIfAbsent } = parts;
  const attributes = [add, set, setIfAbsent].flatMap((part) => Object.keys(part ?? {}));
  if (new Set(attributes).size !== attributes.length) {
    return undefined;
  }
  const merged = {
    ...a,
    ...(add === undefined ? {} : { add }),
    ...(set === undefined ? {} : { set }),
    ...(setIfAbsent === undefined ? {} : { setIfAbsent }),
  };
  return isTooLong(merged) || isTooLarge(merged) ? undefined : merged;
}

/** Whether an action that is made a second time finds its condition met and leaves the item as it is. */
function isSameAgain(action: Action): boolean {
  return (
    action.type === 'check' ||
    (action.type === 'put' && action.condition === undefined) ||
    (action.type === 'compare-and-set' && action.previous === action.next)
  );
}

/** The members of both, undefined where there are none, null where two of one name cannot be made one. */
function unionOf<Value>(
  a: Readonly<Record<string, Value>> | undefined,
  b: Readonly<Record<string, Value>> | undefined,
  merge: (a: Value, b: Value) => Value | undefined,
): Readonly<Record<string, Value>> | undefined | null {
  if (a === undefined || b === undefined) {
    return a ?? b;
  }
  const union = new Map(Object.entries(a));
  for (const [name, value] of Object.entries(b)) {
    const other = union.get(name);
    const both = other === undefined ? value : merge(other, value);
    if (both === undefined) {
      return null;
    }
    union.set(name, both);
  }
  return Object.fromEntries(union);
}

function onlyEqual(a: AttributeValue, b: AttributeValue): AttributeValue | undefined {
  return isDeepStrictEqual(a, b) ? a : undefined;
}

function sumOf(a: string, b: string): string | undefined {
  try {
    return formatDecimal(addDecimals(parseSum(a), parseSum(b)));
  } catch {
    // A DecimalError, for these throw nothing else: DynamoDB takes numbers that have no exact sum here, and adds them up itself.
    return undefined;
  }
}
