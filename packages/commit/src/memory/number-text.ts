import { isNumber } from '../value-types.ts';

/** A number of DynamoDB: so many digits, times ten to the power of the exponent. */
interface Scaled {
  readonly digits: bigint;
  readonly exponent: number;
}

/**
 * Compares two numbers by value.
 *
 * @returns below 0, 0, or above 0
 */
export function compareNumbers(a: string, b: string): number {
  const [left, right] = align(a, b);
  return left === right ? 0 : left < right ? -1 : 1;
}

/**
 * Adds two numbers exactly.
 *
 * @returns without an exponent, as DynamoDB gives numbers; undefined where it could not keep the sum
 */
export function addNumbers(a: string, b: string): string | undefined {
  const [left, right, exponent] = align(a, b);
  const sum = left + right;
  return isNumber(`${sum}e${exponent}`) ? format({ digits: sum, exponent }) : undefined;
}

/** The digits of both, in units of the same power of ten. */
function align(a: string, b: string): readonly [bigint, bigint, number] {
  const [left, right] = [scaled(a), scaled(b)];
  const exponent = Math.min(left.exponent, right.exponent);
  const inUnits = ({ digits, exponent: own }: Scaled): bigint => digits * 10n ** BigInt(own - exponent);
  return [inUnits(left), inUnits(right), exponent];
}

/** Reads what {@link isNumber} takes. */
function scaled(text: string): Scaled {
  const [mantissa = '', exponent = '0'] = text.split(/[eE]/);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = BigInt(whole + fraction);
  // BigInt makes no -0, and any power of ten is 0 times as much.
  return { digits, exponent: digits === 0n ? 0 : Number(exponent) - fraction.length };
}

function format({ digits, exponent }: Scaled): string {
  if (exponent >= 0) {
    return String(digits * 10n ** BigInt(exponent));
  }
  const sign = digits < 0n ? '-' : '';
  const text = String(digits < 0n ? -digits : digits).padStart(1 - exponent, '0');
  const fraction = text.slice(exponent).replace(/0+$/, '');
  return `${sign}${text.slice(0, exponent)}${fraction === '' ? '' : `.${fraction}`}`;
}
