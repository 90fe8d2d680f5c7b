/**
 * How to round a value that has more fraction digits than it may have, in the terms of Java's `RoundingMode` and Python's
 * `decimal`: to the nearest with ties to the even digit (`half-even`) or away from zero (`half-up`), always towards
 * zero (`down`), always away from zero (`up`).
 *
 * Each treats `-x` as it treats `x`, so that a retraction takes back what was added. Directions that do not, such as
 * floor and ceiling, are left out for this.
 */
export type Rounding = 'half-even' | 'half-up' | 'down' | 'up';

/** All of them, to check what comes without types. */
export const ROUNDINGS: readonly unknown[] = ['half-even', 'half-up', 'down', 'up'] satisfies Rounding[];

/**
 * Rounds a row of digits to its first ones.
 *
 * @param digits - decimal digits, the last of which is not 0
 * @param cutAt - how many to keep, fewer than there are; below 0 where the digits begin that far behind the last place kept
 * @returns the kept digits as an integer, one larger where the rounding says so
 */
export function roundDigits(digits: string, cutAt: number, rounding: Rounding): bigint {
  const kept = BigInt(digits.slice(0, Math.max(cutAt, 0)));
  // Beside the first digit that is cut, it matters only whether anything follows. Before the digits there is none, which is less than 5.
  const first = digits.charAt(cutAt);
  const isTie = first === '5' && digits.length === cutAt + 1;
  switch (rounding) {
    case 'down':
      return kept;
    case 'up':
      return kept + 1n;
    case 'half-up':
      return first >= '5' ? kept + 1n : kept;
    case 'half-even':
      return first >= '5' && !(isTie && kept % 2n === 0n) ? kept + 1n : kept;
  }
}
