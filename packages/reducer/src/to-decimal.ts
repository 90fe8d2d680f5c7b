import { addDecimals, type Decimal, DecimalError, one, parseDecimal, zero } from './decimal.ts';
import { nameType } from './name-type.ts';

/**
 * Turns what a measure is at hand as into a decimal: a count, the exact text of an amount, or a decimal.
 *
 * A JavaScript number is taken only as a safe integer, which is surely what was written; any other may already have lost
 * digits, and is refused rather than rounded.
 *
 * @param value - a safe integer; text as {@link parseDecimal} takes it; or a decimal
 * @returns the exact value
 * @throws {@link DecimalError} when a number is no safe integer, a text is no number within the limits, a decimal has more
 * than 26 integer digits, or the value is none of these
 *
 * @example
 * ```ts
 * import { addDecimals, formatDecimal, toDecimal } from '@oncefold/reducer';
 *
 * formatDecimal(addDecimals(toDecimal(1), toDecimal('12.30'))); // 13.3
 * ```
 */
export function toDecimal(value: number | string | Decimal): Decimal {
  switch (typeof value) {
    case 'string':
      return parseDecimal(value);
    case 'bigint':
      return addDecimals(value, zero);
    case 'number':
      if (!Number.isSafeInteger(value)) {
        throw new DecimalError(
          'not-a-safe-integer',
          'A JavaScript number must be an integer from -(2^53 - 1) to 2^53 - 1, because another may already have lost digits. ' +
            'Give the exact text of the source, or round what was computed: ' +
            "parseDecimal(String(value), { fractionDigitsMax: 2, rounding: 'half-even' }).",
        );
      }
      return (BigInt(value) * one) as Decimal;
    default:
      throw new DecimalError(
        'wrong-type',
        `It is ${nameType(value)} and must be a Decimal, the text of a number, or a safe integer.`,
      );
  }
}
