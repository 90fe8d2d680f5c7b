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
    case 'increment':
      return {
        ...action.key,
        ...existing,
        [action.attribute]: { N: addTo(existing?.[action.attribute], action.by) },
      };
    case 'put':
    case 'put-if-absent':
      return { ...action.attributes, ...action.key };
    case 'raise':
      return { ...action.key, ...existing, [action.attribute]: { S: action.to } };
    case 'compare-and-set':
      return { ...action.key, ...existing, [action.attribute]: { S: action.next } };
  }
}

function addTo(value: AttributeValue | undefined, by: string): string {
  if (value !== undefined && !('N' in value)) {
    throw new TransactionRefusedError('an attribute that is no number cannot be incremented');
  }
  try {
    return formatDecimal(addDecimals(parseSum(value?.N ?? '0'), parseSum(by)));
  } catch (cause) {
    throw new TransactionRefusedError('a number has more digits than an attribute can hold', { cause });
  }
}

function textOf(value: AttributeValue | undefined): string | undefined {
  return value !== undefined && 'S' in value ? value.S : undefined;
}
