import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { parseSum } from '@oncefold/reducer';
import { isSame } from './attribute-values.ts';
import { SimulatedStoreError } from './simulated-store-error.ts';

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/**
 * Compares two values as DynamoDB does: numbers by value, texts by their bytes in UTF-8, bytes without a sign.
 *
 * What is missing, or is of another type, is neither equal nor lower nor greater: only `<>` holds.
 */
export function compares(
  a: AttributeValue | undefined,
  comparator: Comparator,
  b: AttributeValue | undefined,
): boolean {
  if (comparator === '=' || comparator === '<>') {
    // Values of items and of requests have all numbers in their one form.
    return (a !== undefined && b !== undefined && isSame(a, b)) === (comparator === '=');
  }
  const order = orderOf(a, b);
  if (order === undefined) {
    return false;
  }
  switch (comparator) {
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

/** @returns undefined where the two cannot be compared */
function orderOf(a: AttributeValue | undefined, b: AttributeValue | undefined): number | undefined {
  if (a === undefined || b === undefined) {
    return undefined;
  }
  if (a.S !== undefined && b.S !== undefined) {
    return compareTexts(a.S, b.S);
  }
  if (a.N !== undefined && b.N !== undefined) {
    const difference = parseSum(a.N) - parseSum(b.N);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  if (a.B !== undefined && b.B !== undefined) {
    return compareBytes(a.B, b.B);
  }
  return undefined;
}

/** UTF-16 sorts the pairs of a surrogate before the last 8,192 characters of the basic plane, UTF-8 after them. */
function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [unit, other] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (unit !== other) {
      return rank(unit) - rank(other);
    }
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = (a[index] as number) - (b[index] as number);
    if (difference !== 0) {
      return difference;
    }
  }
  return a.length - b.length;
}

/** Says whether a text or bytes begin with others; false for everything else. */
export function beginsWith(value: AttributeValue | undefined, prefix: AttributeValue | undefined): boolean {
  if (value?.S !== undefined && prefix?.S !== undefined) {
    return value.S.startsWith(prefix.S);
  }
  if (value?.B !== undefined && prefix?.B !== undefined) {
    throw new SimulatedStoreError('The simulated store knows begins_with for texts only.');
  }
  return false;
}
