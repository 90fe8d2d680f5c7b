import { nameType } from './name-type.ts';
import { ROUNDINGS, type Rounding, roundDigits } from './rounding.ts';

/** How many fraction digits a decimal keeps, and the most that an input may be allowed: units are 10^-12. */
const FRACTION_DIGITS = 12;

/** How many integer digits one input value may have. */
const INTEGER_DIGITS_OF_VALUE = 18;

/** How many integer digits a sum may have: with 12 fraction digits it fills the 38 digits of a DynamoDB number. */
const INTEGER_DIGITS_OF_SUM = 26;

/** Longer texts are refused unread; no number within the limits needs so many characters but for idle zeros. */
const TEXT_LENGTH_MAX = 256;

const UNITS_PER_ONE = 10n ** BigInt(FRACTION_DIGITS);
const SUM_LIMIT_UNITS = 10n ** BigInt(INTEGER_DIGITS_OF_SUM + FRACTION_DIGITS);
const NEGATIVE_SUM_LIMIT_UNITS = -SUM_LIMIT_UNITS;

/** The grammar of a JSON number (RFC 8259, section 6): sign, integer, fraction, exponent. */
const NUMBER_PATTERN = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;

/** The whole text and its parts; the fraction and the exponent may be absent. */
type NumberMatch = readonly [
  text: string,
  sign: string,
  integer: string,
  fraction?: string,
  exponent?: string,
];

/**
 * An exact fixed-point number in units of 10^-12.
 *
 * Plain bigint arithmetic on it is exact; {@link addDecimals} also keeps it within what DynamoDB can store.
 */
export type Decimal = bigint & { readonly __decimal: unique symbol };

/** How many fraction digits an input may have, and what to do with more. */
export interface DecimalOptions {
  /** The limit, 0 to 12; 12 unless given. Idle zeros do not count. */
  readonly fractionDigitsMax?: number;
  /** How to round to the limit; without it, a value with more digits is refused. */
  readonly rounding?: Rounding;
}

/** Why a text is not a decimal within the limits. */
export type InvalidDecimalReason =
  | 'not-a-number'
  | 'too-long'
  | 'too-many-integer-digits'
  | 'too-many-fraction-digits';

/** Why a text is no decimal, a sum no longer one, or what came of the wrong type. */
export type DecimalErrorCode =
  | InvalidDecimalReason
  | 'not-text'
  | 'not-a-decimal'
  | 'not-a-safe-integer'
  | 'wrong-type'
  | 'bad-options';

const REMEDY_OF_SIZE =
  `A value may have ${INTEGER_DIGITS_OF_VALUE} integer digits, a sum ${INTEGER_DIGITS_OF_SUM}: use a larger unit, ` +
  'or quarantine the record.';

/** What to do about a text that is no decimal. Others stand where they are thrown, so that nobody pays for those of what is not used. */
const REMEDIES: Readonly<Record<InvalidDecimalReason, string>> = {
  'not-a-number': 'Write it as JSON does: -12.5 or 1e3, without spaces, plus sign or thousands separators.',
  'too-long': `Write it in at most ${TEXT_LENGTH_MAX} characters.`,
  'too-many-integer-digits': REMEDY_OF_SIZE,
  'too-many-fraction-digits':
    "Ask for rounding, as in parseDecimal(text, { rounding: 'half-even' }), or quarantine the record.",
};

/** Says that a text is no decimal within the limits, or that a sum has left them; the message never holds the text. */
export class DecimalError extends Error {
  override readonly name = 'DecimalError';
  readonly code: DecimalErrorCode;

  /** @param remedy - what to do, in whole sentences, behind what was found */
  constructor(code: DecimalErrorCode, remedy: string) {
    super(`The decimal is refused: ${code}. ${remedy}`);
    this.code = code;
  }
}

/** Nothing: what a sum starts from. */
export const zero: Decimal = 0n as Decimal;

/** One: what each applied message adds to a count. */
export const one: Decimal = UNITS_PER_ONE as Decimal;

/**
 * Reads an input value exactly, never through a binary float.
 *
 * The text follows JSON's number grammar. Exponents and idle zeros are spelling, not digits: `1.5000000000000000`
 * and `15e-1` are the same value, `1e400` is out of range. A JavaScript number is refused, whatever it is: nobody can
 * see whether it still says what was written. `parseJsonExact` keeps the text of JSON's numbers, and `toDecimal`
 * takes integers too.
 *
 * Nothing is rounded unless asked for: JavaScript's `String(0.1 + 0.2)` has 17 fraction digits and is refused without
 * `rounding`.
 *
 * @param text - the number, at most 256 characters; at most 18 integer and 12 fraction digits in value
 * @param options - a lower limit of fraction digits, and how to round to it
 * @returns the exact value, rounded where this was asked for
 * @throws {@link DecimalError} when the text is no text, no number, or exceeds a limit, or an option is unusable
 *
 * @example
 * ```ts
 * import { formatDecimal, parseDecimal } from '@oncefold/reducer';
 *
 * formatDecimal(parseDecimal('12345678901234567.89')); // 12345678901234567.89
 * const computed = String(0.1 + 0.2); // 0.30000000000000004
 * formatDecimal(parseDecimal(computed, { fractionDigitsMax: 2, rounding: 'half-even' })); // 0.3
 * ```
 */
export function parseDecimal(text: string, options?: DecimalOptions): Decimal {
  return orThrow(checkDecimal(text, options), options);
}

/**
 * Reads a sum exactly, with the wider bound of what many values may add up to.
 *
 * @param text - the number, at most 256 characters; at most 26 integer and 12 fraction digits in value
 * @returns the exact value
 * @throws {@link DecimalError} when the text is no text, no number, or exceeds a limit
 */
export function parseSum(text: string): Decimal {
  return orThrow(readDecimal(text, INTEGER_DIGITS_OF_SUM));
}

/** Reads a sum as {@link parseSum} does, and returns the reason instead of throwing it. */
export function checkSum(text: string): Decimal | InvalidDecimalReason {
  return readDecimal(text, INTEGER_DIGITS_OF_SUM);
}

/**
 * Reads an input value as {@link parseDecimal} does, and returns the reason instead of throwing it.
 *
 * @param text - the number
 * @param options - as for {@link parseDecimal}
 * @returns the exact value, or why the text is refused
 * @throws {@link DecimalError} when the text is no text, or an option is unusable: no input makes that, but a mistake
 * in the program
 */
export function checkDecimal(text: string, options?: DecimalOptions): Decimal | InvalidDecimalReason {
  return readDecimal(text, INTEGER_DIGITS_OF_VALUE, options === undefined ? undefined : readOptions(options));
}

/**
 * Writes a decimal in its one canonical form: no exponent, no idle zeros, no `-0`.
 *
 * @param value - the exact value
 * @returns text that {@link parseSum} reads back to the same value
 * @throws {@link DecimalError} when the value is no decimal
 */
export function formatDecimal(value: Decimal): string {
  assertDecimal(value);
  const magnitude = value < 0n ? -value : value;
  const integer = magnitude / UNITS_PER_ONE;
  const rest = magnitude % UNITS_PER_ONE;
  const sign = value < 0n ? '-' : '';
  if (rest === 0n) {
    return `${sign}${integer}`;
  }
  const fraction = rest.toString().padStart(FRACTION_DIGITS, '0');
  return `${sign}${integer}.${fraction.slice(0, lengthWithoutIdleZeros(fraction))}`;
}

/**
 * Adds two decimals exactly.
 *
 * @param a - one value
 * @param b - the other value
 * @returns the exact sum
 * @throws {@link DecimalError} when the sum needs more than 26 integer digits, which DynamoDB could not store, or
 * one of the values is no decimal
 */
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  assertDecimal(a);
  assertDecimal(b);
  const sum = a + b;
  if (sum >= SUM_LIMIT_UNITS || sum <= NEGATIVE_SUM_LIMIT_UNITS) {
    throw new DecimalError('too-many-integer-digits', REMEDY_OF_SIZE);
  }
  return sum as Decimal;
}

/**
 * Turns a value into its retraction.
 *
 * @param value - the exact value
 * @returns the value with the other sign
 * @throws {@link DecimalError} when the value is no decimal
 */
export function negate(value: Decimal): Decimal {
  assertDecimal(value);
  return -value as Decimal;
}

/**
 * Gives the value as a safe integer, for counts and versions.
 *
 * @param value - the exact value
 * @returns the integer, or `undefined` when the value has a fraction or is beyond Number.MAX_SAFE_INTEGER
 */
export function toSafeInteger(value: Decimal): number | undefined {
  const integer = Number(value / UNITS_PER_ONE);
  return value % UNITS_PER_ONE === 0n && Number.isSafeInteger(integer) ? integer : undefined;
}

/** JavaScript negates, adds and compares texts and numbers too, and some of that looks like a result. */
function assertDecimal(value: unknown): asserts value is Decimal {
  if (typeof value !== 'bigint') {
    throw new DecimalError(
      'not-a-decimal',
      `It is ${nameType(value)} and must be a Decimal. Make one from text with parseDecimal.`,
    );
  }
}

/** Where to cut a text's digits. */
interface Precision {
  readonly fractionDigitsMax: number;
  /** Rounds digits to the first so many; absent: more are refused. */
  readonly round?: ((digits: string, cutAt: number) => bigint) | undefined;
}

const ALL_DIGITS: Precision = { fractionDigitsMax: FRACTION_DIGITS };

function readDecimal(
  text: unknown,
  integerDigitsMax: number,
  { fractionDigitsMax, round }: Precision = ALL_DIGITS,
): Decimal | InvalidDecimalReason {
  // A pattern would turn a number into its shortest text, which is not always what was written.
  if (typeof text !== 'string') {
    throw new DecimalError(
      'not-text',
      `It is ${nameType(text)} and must be text, because a JavaScript number may already have lost digits. Read JSON with ` +
        "parseJsonExact(text) and take the number's text with get(name).numberText(), or take the text of a DynamoDB N.",
    );
  }
  const short = readShort(text, fractionDigitsMax);
  if (short !== undefined) {
    return short;
  }
  if (text.length > TEXT_LENGTH_MAX) {
    return 'too-long';
  }
  const match = NUMBER_PATTERN.exec(text);
  if (match === null) {
    return 'not-a-number';
  }
  const [, sign, integer, fraction = '', exponent] = match as unknown as NumberMatch;
  const digits = integer + fraction;
  const end = lengthWithoutIdleZeros(digits);
  if (end === 0) {
    return zero;
  }
  // An exponent of many digits becomes an infinite number here, and the comparisons still say the right thing.
  const pointAt = integer.length + Number(exponent ?? 0);
  if (pointAt - leadingZeros(digits) > integerDigitsMax) {
    return 'too-many-integer-digits';
  }
  const cutAt = pointAt + fractionDigitsMax;
  if (end <= cutAt) {
    const magnitude = BigInt(digits.slice(0, end) + '0'.repeat(FRACTION_DIGITS + pointAt - end));
    return signed(magnitude, sign);
  }
  if (round === undefined) {
    return 'too-many-fraction-digits';
  }
  const kept = round(digits.slice(0, end), cutAt);
  const isTooLarge = kept >= 10n ** BigInt(integerDigitsMax + fractionDigitsMax);
  const magnitude = kept * 10n ** BigInt(FRACTION_DIGITS - fractionDigitsMax);
  return isTooLarge ? 'too-many-integer-digits' : signed(magnitude, sign);
}

/** So many digits are a safe integer, or one that does not look like one. */
const SHORT_DIGITS_MAX = 16;

/** What the last digit of so many fraction digits is worth. */
const UNITS_OF_LAST_DIGIT: readonly bigint[] = Array.from(
  { length: FRACTION_DIGITS + 1 },
  (_none, digits) => 10n ** BigInt(FRACTION_DIGITS - digits),
);

/**
 * Reads a number without exponent whose digits are a safe integer, which is nearly every one, in a tenth of the time: a safe integer is
 * exact, and takes no pattern and no texts of its digits. It knows fewer numbers than {@link readDecimal}, and none that this refuses.
 *
 * @returns undefined where it does not know; that says nothing
 */
function readShort(text: string, fractionDigitsMax: number): Decimal | undefined {
  const isNegative = text.charCodeAt(0) === 0x2d;
  const start = isNegative ? 1 : 0;
  // Also without any digit, and with a zero before another digit.
  const isLeadingZero = text.charCodeAt(start) === 0x30 && text.length > start + 1;
  if (text.length - start > SHORT_DIGITS_MAX + 1 || (isLeadingZero && text.charCodeAt(start + 1) !== 0x2e)) {
    return undefined;
  }
  let digits = 0;
  let fractionStart = 0;
  for (let at = start; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit >= 0 && digit <= 9) {
      digits = digits * 10 + digit;
    } else if (digit === -2 && fractionStart === 0 && at > start) {
      fractionStart = at + 1;
    } else {
      return undefined;
    }
  }
  const fractionDigits = fractionStart === 0 ? 0 : text.length - fractionStart;
  const lastUnits = UNITS_OF_LAST_DIGIT[fractionDigits];
  if (
    lastUnits === undefined ||
    fractionDigits > fractionDigitsMax ||
    text.length === start ||
    fractionStart === text.length ||
    digits > Number.MAX_SAFE_INTEGER
  ) {
    return undefined;
  }
  return (BigInt(isNegative ? -digits : digits) * lastUnits) as Decimal;
}

function signed(magnitude: bigint, sign: string): Decimal {
  return (sign === '-' ? -magnitude : magnitude) as Decimal;
}

/** A misspelt option would leave a limit unchecked, and the index that `map` passes is no option either. */
function readOptions(options: DecimalOptions): Precision {
  const { fractionDigitsMax = FRACTION_DIGITS, rounding, ...unknown } = Object(options) as DecimalOptions;
  if (
    typeof options !== 'object' ||
    options === null ||
    !Number.isInteger(fractionDigitsMax) ||
    fractionDigitsMax < 0 ||
    fractionDigitsMax > FRACTION_DIGITS ||
    !(rounding === undefined || ROUNDINGS.includes(rounding)) ||
    Object.keys(unknown).length > 0
  ) {
    throw new DecimalError(
      'bad-options',
      `fractionDigitsMax must be an integer from 0 to ${FRACTION_DIGITS}, rounding one of ${ROUNDINGS.join(', ')}; there are ` +
        'no others. In place of texts.map(parseDecimal), write texts.map((text) => parseDecimal(text)).',
    );
  }
  const round = rounding && ((digits: string, cutAt: number): bigint => roundDigits(digits, cutAt, rounding));
  return { fractionDigitsMax, round };
}

function orThrow(result: Decimal | InvalidDecimalReason, options?: DecimalOptions): Decimal {
  if (typeof result !== 'string') {
    return result;
  }
  const limit = options?.fractionDigitsMax ?? FRACTION_DIGITS;
  const finding = result === 'too-many-fraction-digits' ? `It may have ${limit} fraction digits. ` : '';
  throw new DecimalError(result, finding + REMEDIES[result]);
}

/** Loops instead of a pattern with `0+$`, which would try every run of zeros again. */
function lengthWithoutIdleZeros(digits: string): number {
  let length = digits.length;
  while (digits.charCodeAt(length - 1) === 0x30) {
    length -= 1;
  }
  return length;
}

function leadingZeros(digits: string): number {
  let count = 0;
  while (digits.charCodeAt(count) === 0x30) {
    count += 1;
  }
  return count;
}
