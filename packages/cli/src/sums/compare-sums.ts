import { addDecimals, type Decimal, negate, zero } from '@oncefold/reducer';

/** One aggregate key, with its expected and its actual sum. */
export interface ComparedSum {
  readonly key: string;
  readonly expected: Decimal;
  readonly actual: Decimal;
  /** Actual minus expected: above zero was counted too much, below zero is missing. */
  readonly difference: Decimal;
}

/**
 * Compares sums key by key, exactly.
 *
 * A key that one side does not have counts as zero there: a table without the row says the same as a row of zero.
 *
 * @returns one entry for each key of either side, in the order of their text
 */
export function compareSums(
  expected: ReadonlyMap<string, Decimal>,
  actual: ReadonlyMap<string, Decimal>,
): readonly ComparedSum[] {
  const keys = [...new Set([...expected.keys(), ...actual.keys()])].sort();
  return keys.map((key) => compareSum(key, expected.get(key) ?? zero, actual.get(key) ?? zero));
}

/** Compares the two sums of one key. */
export function compareSum(key: string, expected: Decimal, actual: Decimal): ComparedSum {
  return { key, expected, actual, difference: addDecimals(actual, negate(expected)) };
}
