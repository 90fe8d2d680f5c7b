import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { canonicalItem, canonicalValue, copyItem, copyValue } from './attribute-values.ts';
import type { AttributeMap } from './store.ts';
import { ValidationFault } from './validation-fault.ts';

const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const DIGITS_MAX = 38;
/** Longer texts are refused unread: no number needs so many characters but for idle zeros. */
const LENGTH_MAX = 256;

/**
 * Takes over the attributes of a request: copied, because their owner may change them, and with all numbers in their one form.
 *
 * @throws {@link ValidationFault} when a value is none that DynamoDB takes
 */
export function requestItem(item: AttributeMap): AttributeMap {
  return canonicalItem(asserted(copyItem(item)));
}

/** Takes over one value of a request. */
export function requestValue(value: AttributeValue): AttributeValue {
  const copy = copyValue(value);
  assertValue(copy);
  return canonicalValue(copy);
}

function asserted<T extends AttributeMap>(item: T): T {
  for (const value of Object.values(item)) {
    assertValue(value);
  }
  return item;
}

function assertValue(value: AttributeValue): void {
  if (value.N !== undefined) {
    assertNumber(value.N);
  } else if (value.M !== undefined) {
    asserted(value.M);
  } else if (value.L !== undefined) {
    value.L.forEach(assertValue);
  }
}

function assertNumber(text: string): void {
  if (text.length > LENGTH_MAX || !NUMBER.test(text)) {
    throw new ValidationFault('The parameter cannot be converted to a numeric value');
  }
  const digits = text
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '');
  if (digits.length > DIGITS_MAX) {
    throw new ValidationFault('Attempting to store more than 38 significant digits in a Number');
  }
}
