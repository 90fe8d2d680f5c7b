import { describe, expect, it } from 'vitest';
import { checkDecimal } from './decimal.ts';
import {
  addDecimals,
  type Decimal,
  DecimalError,
  type DecimalErrorCode,
  formatDecimal,
  negate,
  one,
  parseDecimal,
  parseSum,
  toSafeInteger,
  zero,
} from './index.ts';

const remedies: Readonly<Record<DecimalErrorCode, string>> = {
  'not-text':
    'must be text, because a JavaScript number may already have lost digits. Read JSON with parseJsonExact(text) and ' +
    "take the number's text with get(name).numberText(), or take the text of a DynamoDB N.",
  'not-a-decimal': 'must be a Decimal. Make one from text with parseDecimal.',
  'not-a-number': 'Write it as JSON does: -12.5 or 1e3, without spaces, plus sign or thousands separators.',
  'too-long': 'Write it in at most 256 characters.',
  'too-many-integer-digits':
    'A value may have 18 integer digits, a sum 26: use a larger unit, or quarantine the record.',
  'too-many-fraction-digits':
    'It may have 12 fraction digits: round it where it is made, or quarantine the record.',
};

/** The code of a refusal, whose message must name the remedy and, of what came, the type only. */
function codeOf(action: () => unknown, wrongType?: string): DecimalErrorCode {
  try {
    action();
  } catch (error) {
    if (error instanceof DecimalError) {
      const found = wrongType === undefined ? '' : `It is ${wrongType} and `;
      expect(error.message).toBe(`The decimal is refused: ${error.code}. ${found}${remedies[error.code]}`);
      expect(error.name).toBe('DecimalError');
      return error.code;
    }
    throw error;
  }
  throw new Error('Nothing was refused.');
}

/** What JavaScript hands over where no type stands in the way. */
const notText: [what: string, value: unknown, type: string][] = [
  ['a number that has already lost digits', JSON.parse('12345678901234567.89'), 'a number'],
  ['a number that has lost none', 12.5, 'a number'],
  ['null', null, 'null'],
  ['nothing', undefined, 'undefined'],
  ['a bigint', 5n, 'a bigint'],
  ['a list of one text', ['1'], 'an object'],
  ['a String object', Object('1'), 'an object'],
  ['what turns into text', { length: 1, toString: () => '1' }, 'an object'],
];

describe('parseDecimal', () => {
  it.each([
    ['0', 0n],
    ['-0', 0n],
    ['0e999999999999999999999999999999', 0n],
    ['61502.37', 61_502_370_000_000_000n],
    ['-1e2', -100_000_000_000_000n],
    ['1.50', 1_500_000_000_000n],
    ['1E+2', 100_000_000_000_000n],
    ['12.5e-1', 1_250_000_000_000n],
    ['0.000000000001', 1n],
    ['0.0000000000010000', 1n],
    ['1e-12', 1n],
    ['0.0001e16', 10n ** 24n],
    ['1000000000000000000000e-21', 10n ** 12n],
    ['999999999999999999.999999999999', 10n ** 30n - 1n],
    [`0.5${'0'.repeat(253)}`, 500_000_000_000n],
  ])('reads %s exactly', (text, units) => {
    expect(parseDecimal(text)).toBe(units);
  });

  it.each<[string, DecimalErrorCode]>([
    ...[
      '',
      ' ',
      '+1',
      '.5',
      '1.',
      '01',
      '00',
      '1e',
      '1e+',
      '--1',
      '1,5',
      '1_000',
      '0x1',
      '١',
      'NaN',
      'Infinity',
    ].map((text): [string, DecimalErrorCode] => [text, 'not-a-number']),
    ['1\n', 'not-a-number'],
    [' 1', 'not-a-number'],
    ['1e400', 'too-many-integer-digits'],
    ['1000000000000000000', 'too-many-integer-digits'],
    ['1e18', 'too-many-integer-digits'],
    ['1e999999999999999999999999999999', 'too-many-integer-digits'],
    ['1e-400', 'too-many-fraction-digits'],
    ['1e-13', 'too-many-fraction-digits'],
    ['1.0000000000001', 'too-many-fraction-digits'],
    ['1'.repeat(257), 'too-long'],
  ])('refuses %j, says how to write it, and keeps it out of the message', (text, code) => {
    expect(codeOf(() => parseDecimal(text))).toBe(code);
  });

  it('refuses a text of a million characters, unread', () => {
    expect(codeOf(() => parseDecimal('1'.repeat(1_000_000)))).toBe('too-long');
  });
});

describe.each([
  ['parseDecimal', parseDecimal],
  ['parseSum', parseSum],
  ['checkDecimal', checkDecimal],
])('%s', (_name, parse) => {
  it.each(notText)('refuses %s, and says where the exact text comes from', (_what, value, type) => {
    expect(codeOf(() => parse(value as string), type)).toBe('not-text');
  });
});

describe('parseSum', () => {
  it('reads 26 integer digits and no more', () => {
    const largest = `${'9'.repeat(26)}.${'9'.repeat(12)}`;
    expect(formatDecimal(parseSum(largest))).toBe(largest);
    expect(codeOf(() => parseSum('1e26'))).toBe('too-many-integer-digits');
  });
});

describe('addDecimals', () => {
  it('adds what binary floats do not', () => {
    expect(formatDecimal(addDecimals(parseDecimal('0.1'), parseDecimal('0.2')))).toBe('0.3');
  });

  it('refuses a sum that DynamoDB could not store, in both directions', () => {
    const largest = parseSum(`${'9'.repeat(26)}.${'9'.repeat(12)}`);
    const smallest = parseDecimal('0.000000000001');
    expect(codeOf(() => addDecimals(largest, smallest))).toBe('too-many-integer-digits');
    expect(codeOf(() => addDecimals(negate(largest), negate(smallest)))).toBe('too-many-integer-digits');
    expect(addDecimals(largest, negate(largest))).toBe(zero);
  });
});

describe('formatDecimal', () => {
  it.each([
    [zero, '0'],
    [negate(zero), '0'],
    [one, '1'],
    [parseDecimal('-0.5'), '-0.5'],
    [parseDecimal('1e17'), '100000000000000000'],
  ])('writes %s as %s', (value, text) => {
    expect(formatDecimal(value)).toBe(text);
  });
});

describe.each<[string, (value: Decimal) => unknown]>([
  ['formatDecimal', formatDecimal],
  ['negate', negate],
  ['addDecimals, first', (value) => addDecimals(value, one)],
  ['addDecimals, second', (value) => addDecimals(one, value)],
])('%s', (_name, use) => {
  it.each<[what: string, value: unknown, type: string]>([
    ['a number', 5, 'a number'],
    ['a text', '5', 'a string'],
    ['null', null, 'null'],
    ['nothing', undefined, 'undefined'],
    ['true', true, 'a boolean'],
    ['a BigInt object', Object(5n), 'an object'],
  ])('refuses %s, which is no decimal', (_what, value, type) => {
    expect(codeOf(() => use(value as Decimal), type)).toBe('not-a-decimal');
  });
});

describe('toSafeInteger', () => {
  it.each([
    ['0', 0],
    ['-1', -1],
    ['1e3', 1_000],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['-9007199254740991', Number.MIN_SAFE_INTEGER],
  ])('gives %s as a number, for counts and versions', (text, integer) => {
    expect(toSafeInteger(parseDecimal(text))).toBe(integer);
  });

  it.each(['9007199254740992', '-9007199254740992', '999999999999999999', '0.5', '-0.000000000001', '7.5'])(
    'gives nothing for %s, which no safe integer equals',
    (text) => {
      expect(toSafeInteger(parseDecimal(text))).toBeUndefined();
    },
  );
});
