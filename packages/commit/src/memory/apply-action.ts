import { ITEM_BYTES_MAX } from '../assert-sendable.ts';
import { conditionOf } from '../conditions.ts';
import { TransactionRefusedError } from '../errors.ts';
import type { Action, AttributeValue, Condition, Item, Update } from '../transaction-port.ts';
import { bytesOfItem, ownValue } from '../value-types.ts';
import { compareValues } from './compare-values.ts';
import { addNumbers } from './number-text.ts';

/**
 * Says whether an action's condition is met, by the rules that DynamoDB documents: a comparison with what is not there fails.
 *
 * @param existing - the item at the action's key; undefined where there is none
 */
export function meetsCondition(action: Action, existing: Item | undefined): boolean {
  switch (action.type) {
    case 'update':
    case 'put':
    case 'check': {
      const condition = conditionOf(action);
      return condition === undefined || holds(condition, existing);
    }
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

function holds(condition: Condition, existing: Item | undefined): boolean {
  if (condition.all !== undefined) {
    return condition.all.every((part) => holds(part, existing));
  }
  if (condition.any !== undefined) {
    return condition.any.some((part) => holds(part, existing));
  }
  const value = ownValue(existing ?? {}, condition.attribute);
  if (condition.value === undefined) {
    return (value !== undefined) === (condition.is === 'present');
  }
  const order = value === undefined ? undefined : compareValues(value, condition.value);
  if (order === undefined) {
    return condition.is === '<>';
  }
  switch (condition.is) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/**
 * Makes the item that an action leaves.
 *
 * @param existing - the item at the action's key, which is not changed; undefined where there is none
 * @returns a new item, its key included; where the action only checks, `existing`
 * @throws {@link TransactionRefusedError} when the action adds to what is no number, or past what a number or an item can hold
 */
export function itemAfter(action: Action, existing: Item | undefined): Item | undefined {
  switch (action.type) {
    case 'update':
      return updated(action, existing);
    case 'put':
    case 'put-if-absent':
      return { ...action.attributes, ...action.key };
    case 'check':
      return existing;
    case 'raise':
      return { ...(existing ?? action.key), [action.attribute]: { S: action.to } };
    case 'compare-and-set':
      return { ...(existing ?? action.key), [action.attribute]: { S: action.next } };
  }
}

function updated({ key, add, set, setIfAbsent }: Update, existing: Item | undefined): Item {
  const item: Record<string, AttributeValue> = { ...setIfAbsent, ...(existing ?? key), ...set };
  if (add !== undefined) {
    for (const attribute of Object.keys(add)) {
      define(item, attribute, { N: addTo(ownValue(existing ?? {}, attribute), add[attribute] as string) });
    }
  }
  if (bytesOfItem(item) > ITEM_BYTES_MAX) {
    throw new TransactionRefusedError(
      `an item has at most ${ITEM_BYTES_MAX} bytes, and there is no room for an update`,
    );
  }
  return item;
}

/** Assignment would take `__proto__` for the prototype. */
function define(item: Record<string, AttributeValue>, attribute: string, value: AttributeValue): void {
  Object.defineProperty(item, attribute, { value, enumerable: true, writable: true, configurable: true });
}

/** An integer in its one form, of fewer digits than a number may have. */
const INTEGER = /^(?:0|-?[1-9][0-9]{0,36})$/;

function addTo(value: AttributeValue | undefined, by: string): string {
  if (value !== undefined && !('N' in value)) {
    throw new TransactionRefusedError('an attribute that is no number cannot be incremented');
  }
  // Simulations add up millions of integers.
  const text = value?.N ?? '0';
  if (INTEGER.test(text) && INTEGER.test(by)) {
    return (BigInt(text) + BigInt(by)).toString();
  }
  const sum = addNumbers(text, by);
  if (sum === undefined) {
    throw new TransactionRefusedError('a number has more digits than an attribute can hold');
  }
  return sum;
}

function textOf(value: AttributeValue | undefined): string | undefined {
  return value !== undefined && 'S' in value ? value.S : undefined;
}
