import type { AttributeValue } from '../transaction-port.ts';
import { compareNumbers } from './number-text.ts';

/**
 * Compares two values as DynamoDB does: numbers by value, texts by their bytes in UTF-8, bytes without a sign.
 *
 * @returns below 0, 0, or above 0; undefined where the two are not of one type
 */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if ('S' in a && 'S' in b) {
    return compareTexts(a.S, b.S);
  }
  if ('N' in a && 'N' in b) {
    return compareNumbers(a.N, b.N);
  }
  return 'B' in a && 'B' in b ? compareBytes(a.B, b.B) : undefined;
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
