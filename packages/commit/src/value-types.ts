import { utf8Length } from '@oncefold/reducer';
import type { AttributeValue, Item } from './transaction-port.ts';

/** Tells the type of an attribute value; undefined when it is none that the port knows. */
export function typeOf(value: unknown): 'S' | 'N' | 'B' | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const names = Object.keys(value);
  if (names.length !== 1) {
    return undefined;
  }
  const { S, N, B } = value as { readonly S?: unknown; readonly N?: unknown; readonly B?: unknown };
  if (typeof S === 'string') {
    return 'S';
  }
  if (typeof N === 'string' && isNumber(N)) {
    return 'N';
  }
  return B instanceof Uint8Array ? 'B' : undefined;
}

/** Longer texts are no numbers; none that DynamoDB keeps needs so many characters but for idle zeros. */
const NUMBER_LENGTH_MAX = 256;

/** Significant digits that DynamoDB keeps of a number. */
const NUMBER_DIGITS_MAX = 38;

/** Decimal exponents of the first digit that DynamoDB keeps. */
const NUMBER_EXPONENT_MIN = -130;
const NUMBER_EXPONENT_MAX = 125;

/** Far within the 32 bits beyond which not even a zero is a number. */
const EXPONENT_OF_ZERO_MAX = 9_999;

/** Nearly every number: without an exponent, and with fewer characters than DynamoDB keeps digits. */
const SHORT_NUMBER = /^-?\d+(?:\.\d+)?$/;

/** Says whether DynamoDB takes a text as a number. */
export function isNumber(text: string): boolean {
  if (text.length <= NUMBER_DIGITS_MAX && SHORT_NUMBER.test(text)) {
    return true;
  }
  if (text.length > NUMBER_LENGTH_MAX) {
    return false;
  }
  const [, whole, fraction = '', exponent] = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (whole === undefined) {
    return false;
  }
  const digits = whole + fraction;
  const significant = digits.replace(/^0+/, '');
  const power = Number(exponent ?? 0);
  if (significant === '') {
    return Math.abs(power) <= EXPONENT_OF_ZERO_MAX;
  }
  const magnitude = significant.length - 1 - fraction.length + power;
  return (
    withoutIdleZeros(significant).length <= NUMBER_DIGITS_MAX &&
    magnitude >= NUMBER_EXPONENT_MIN &&
    magnitude <= NUMBER_EXPONENT_MAX
  );
}

/** Not by /0+$/, which would try every run of zeros again. */
function withoutIdleZeros(digits: string): string {
  return digits.replace(/^((?:0*[1-9])*)0*$/, '$1');
}

/**
 * Says why a value is none, after whatever names it.
 *
 * @returns without the value; undefined: it is one
 */
export function whyNoValue(value: unknown): string | undefined {
  const type = typeOf(value);
  if (type === 'N' || type === 'B') {
    return undefined;
  }
  const { S, N } = Object(value) as { readonly S?: unknown; readonly N?: unknown };
  if (typeof N === 'string' && !isNumber(N)) {
    return `must be a number of at most ${NUMBER_DIGITS_MAX} digits that DynamoDB takes`;
  }
  if (typeof S === 'string' && !S.isWellFormed()) {
    return 'must be text without lone surrogates, which would become other characters';
  }
  return type === undefined ? 'must be one of {S: text}, {N: text}, {B: bytes}' : undefined;
}

/** Whether a value is of a type, but for what it says, which is content of a record; any other fault is of the program. */
export function isWrongContent(value: unknown): boolean {
  const { S, N } = Object(value) as { readonly S?: unknown; readonly N?: unknown };
  return (typeof S === 'string' || typeof N === 'string') && whyNoValue(value) !== undefined;
}

/** Bytes of a value, as DynamoDB counts them: text in UTF-8; a number counts its digits at most. */
export function bytesOfValue(value: AttributeValue): number {
  if ('B' in value) {
    return value.B.byteLength;
  }
  return utf8Length('S' in value ? value.S : value.N);
}

/** Bytes of attributes, names included, as DynamoDB counts them; those of `except` do not count. */
export function bytesOfItem(attributes: Item = {}, except: Item = {}): number {
  let bytes = 0;
  for (const name of Object.keys(attributes)) {
    if (!Object.hasOwn(except, name)) {
      bytes += utf8Length(name) + bytesOfValue(attributes[name] as AttributeValue);
    }
  }
  return bytes;
}

/** Not what an object inherits: constructor is a name like any other. */
export function ownValue<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
