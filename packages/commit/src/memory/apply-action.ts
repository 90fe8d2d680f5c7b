import { addDecimals, formatDecimal, parseSum } from '@oncefold/reducer';
import { TransactionRefusedError } from '../errors.ts';
import type { Action, AttributeValue, Item } from '../transaction-port.ts';

/**
 * Says whether an action's condition is met, by the rules that DynamoDB documents: a comparison with what is not there fails.
 *
 * @param existing - the item at the action's key; undefined where there is none
 */
export function meetsCondition(action: Action, existing: Item | undefined): boolean {
  switch (action.type) {
    case 'increment':
    case 'put':
      return true;
    case 'put-if-absent':
      return existing === undefined;
    case 'raise': {
      const text = textOf(existing?.[action.attribute]);
      return text !== undefined && text < action.below;
    }
    case 'compare-and-set':
      return textOf(existing?.[action.attribute]) === action.previous;
  }
}

/**
 * Makes the item that an action leaves.
 *
 * @param existing - the item at the action's key, which is not changed; undefined where there is none
 * @returns a new item, its key included
 * @throws {@link TransactionRefusedError} when the action increments what is no number, or past what a number can hold
 */
export function itemAfter(action: Action, existing: Item | undefined): Item {
  switch (action.type) {
    case 'increment': {
      const sum = { N: addTo(existing?.[action.attribute], action.by) };
      return { ...(existing ?? action.key), [action.attribute]: sum };
    }
    case 'put':
    case 'put-if-absent':
      return { ...action.attributes, ...action.key };
    case 'raise':
      return { ...(existing ?? action.key), [action.attribute]: { S: action.to } };
    case 'compare-and-set':
      return { ...(existing ?? action.key), [action.attribute]: { S: action.next } };
  }
}

/** An integer in its one form, of fewer digits than a sum may have. */
const INTEGER = /^(?:0|-?[1-9][0-9]{0,24})$/;

function addTo(value: AttributeValue | undefined, by: string): string {
  if (value !== undefined && !('N' in value)) {
    throw new TransactionRefusedError('an attribute that is no number cannot be incremented');
  }
  // Simulations add up millions of integers; their sums have at most the 26 integer digits of any sum.
  const text = value?.N ?? '0';
  if (INTEGER.test(text) && INTEGER.test(by)) {
    return (BigInt(text) + BigInt(by)).toString();
  }
  try {
    return formatDecimal(addDecimals(parseSum(text), parseSum(by)));
  } catch (cause) {
    throw new TransactionRefusedError('a number has more digits than an attribute can hold', { cause });
  }
}

function textOf(value: AttributeValue | undefined): string | undefined {
  return value !== undefined && 'S' in value ? value.S : undefined;
}
