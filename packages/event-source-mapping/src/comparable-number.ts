import { NumberText } from './json-with-number-text.ts';

/** Numbers of so many characters say at most 15 digits, which a double always keeps. */
const EXACT_CHARACTERS_MAX = 15;

/** The smallest number that a double has with all its digits. */
const NORMAL_MIN = 2.2250738585072014e-308;

/**
 * The number that filters compare, or NaN where a number cannot be compared.
 *
 * A filter compares doubles, and takes for one only a number that a double says exactly: one with more digits, or beyond a double's
 * range, is neither equal to another nor in a range.
 *
 * @param value - a value of an event or a pattern
 * @returns NaN, too, where the value is not a number
 * @see https://github.com/aws/event-ruler#numeric-matching
 */
export function comparableNumber(value: unknown): number {
  if (typeof value === 'number') {
    return value;
  }
  if (!(value instanceof NumberText)) {
    return Number.NaN;
  }
  const { text } = value;
  const number = Number(text);
  const isExact =
    (text.length <= EXACT_CHARACTERS_MAX && Math.abs(number) >= NORMAL_MIN && Number.isFinite(number)) ||
    decimal(text) === decimal(String(number));
  return isExact ? number : Number.NaN;
}

/** One spelling for each decimal number: its digits without zeros at the ends, and the power of ten behind them. */
function decimal(text: string): string {
  const [mantissa, exponent = '0'] = text.toLowerCase().split('e') as [string, string?];
  const [integer, fraction = ''] = mantissa.replace('-', '').split('.') as [string, string?];
  const digits = `${integer}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') {
    return '0';
  }
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${mantissa.startsWith('-') ? '-' : ''}${significant}e${power}`;
}
