import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DecimalError, formatDecimal, parseSum, utf8Length } from '@oncefold/reducer';
import { SimulatedStoreError } from './simulated-store-error.ts';
import type { AttributeMap } from './store.ts';

/** Numbers that are already in the form of the store; others are looked at closely. */
const CANONICAL_INTEGER = /^(?:0|-?[1-9]\d{0,25})$/;

/**
 * Gives a number the one form that the store keeps: DynamoDB forgets how it was written, too.
 *
 * @throws {@link SimulatedStoreError} when it is beyond the 26 integer and 12 fraction digits of a sum
 */
export function canonicalNumber(text: string): string {
  if (CANONICAL_INTEGER.test(text)) {
    return text;
  }
  try {
    return formatDecimal(parseSum(text.replace(/^(-?)0+(?=\d)/, '$1')));
  } catch (cause) {
    if (cause instanceof DecimalError) {
      throw new SimulatedStoreError(
        'The simulated store keeps numbers of at most 26 integer and 12 fraction digits.',
        { cause },
      );
    }
    throw cause;
  }
}

/** Gives all numbers of an item their one form; the same item where they have it already. */
export function canonicalItem<T extends AttributeMap>(item: T): T {
  let changed: Record<string, AttributeValue> | undefined;
  for (const name of Object.keys(item)) {
    const value = item[name] as AttributeValue;
    const canonical = canonicalValue(value);
    if (canonical !== value) {
      changed ??= { ...item };
      changed[name] = canonical;
    }
  }
  return (changed as T | undefined) ?? item;
}

/** Gives the numbers of a value their one form; the same value where they have it already. */
export function canonicalValue(value: AttributeValue): AttributeValue {
  if (value.N !== undefined) {
    const text = canonicalNumber(value.N);
    return text === value.N ? value : { N: text };
  }
  if (value.M !== undefined) {
    const members = canonicalItem(value.M);
    return members === value.M ? value : { M: members };
  }
  if (value.L !== undefined) {
    const members = value.L.map(canonicalValue);
    return members.every((member, index) => member === value.L[index]) ? value : { L: members };
  }
  return value;
}

/** A copy that nobody else can change. */
export function copyItem(item: AttributeMap): Record<string, AttributeValue> {
  const copy: Record<string, AttributeValue> = {};
  for (const name of Object.keys(item)) {
    define(copy, name, copyValue(item[name] as AttributeValue));
  }
  return copy;
}

/** A copy that nobody else can change. */
export function copyValue(value: AttributeValue): AttributeValue {
  if (value.S !== undefined) {
    return { S: value.S };
  }
  if (value.N !== undefined) {
    return { N: value.N };
  }
  if (value.B !== undefined) {
    return { B: value.B.slice() };
  }
  if (value.M !== undefined) {
    return { M: copyItem(value.M) };
  }
  if (value.L !== undefined) {
    return { L: value.L.map(copyValue) };
  }
  if (value.BOOL !== undefined) {
    return { BOOL: value.BOOL };
  }
  if (value.NULL !== undefined) {
    return { NULL: value.NULL };
  }
  throw new SimulatedStoreError('The simulated store knows the types S, N, B, M, L, BOOL and NULL.');
}

/** Sets a member whatever its name: an assignment to `__proto__` would set none. */
export function define(item: Record<string, AttributeValue>, name: string, value: AttributeValue): void {
  if (name === '__proto__') {
    Object.defineProperty(item, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    item[name] = value;
  }
}

/** The value of an attribute; undefined where the item has none of that name. */
export function attributeOf(item: AttributeMap | undefined, name: string): AttributeValue | undefined {
  return item !== undefined && Object.hasOwn(item, name) ? item[name] : undefined;
}

/** Says whether two values, of attributes or of requests, are equal to the last member. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return false;
  }
  if (ArrayBuffer.isView(a) || Array.isArray(a)) {
    const [list, other] = [a, b] as [ArrayLike<unknown>, ArrayLike<unknown>];
    if (!(ArrayBuffer.isView(b) || Array.isArray(b)) || list.length !== other.length) {
      return false;
    }
    for (let index = 0; index < list.length; index++) {
      if (!isSame(list[index], other[index])) {
        return false;
      }
    }
    return true;
  }
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) {
    return false;
  }
  for (const name of names) {
    const other = Object.hasOwn(b, name) ? (b as Record<string, unknown>)[name] : undefined;
    if (!isSame((a as Record<string, unknown>)[name], other)) {
      return false;
    }
  }
  return true;
}

/** Most bytes of an item. */
const ITEM_BYTES_MAX = 400 * 1_024;

/** Says whether an item is larger than DynamoDB keeps. */
export function isTooLarge(item: AttributeMap): boolean {
  return sizeOfItem(item) > ITEM_BYTES_MAX;
}

/** Bytes of an item, as DynamoDB counts them. */
export function sizeOfItem(item: AttributeMap): number {
  let bytes = 0;
  for (const name of Object.keys(item)) {
    bytes += utf8Length(name) + sizeOfValue(item[name] as AttributeValue);
  }
  return bytes;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
function sizeOfValue(value: AttributeValue): number {
  if (value.S !== undefined) {
    return utf8Length(value.S);
  }
  if (value.N !== undefined) {
    return value.N.length;
  }
  if (value.B !== undefined) {
    return value.B.byteLength;
  }
  if (value.M !== undefined) {
    return 3 + Object.keys(value.M).length + sizeOfItem(value.M);
  }
  if (value.L !== undefined) {
    return value.L.reduce((bytes, member) => bytes + sizeOfValue(member), 3 + value.L.length);
  }
  return 1;
}
