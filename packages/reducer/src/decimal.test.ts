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
  zero,
} from './index.ts';

function codeOf(action: () => unknown): DecimalErrorCode {
  try {
    action();
  } catch (error) {
    if (error instanceof DecimalError) {
      return error.code;
    }
    throw error;
  }
  throw new Error('Nothing was refused.');
}

/** What JavaScript hands over where no type stands in the way. */
const notText: [what: string, value: unknown][] = [
  ['a number that has already lost digits', JSON.parse('12345678901234567.89')],
  ['a number that has lost none', 12.5],
  ['null', null],
  ['nothing', undefined],
  ['a bigint', 5n],
  ['a list of one text', ['1']],
  ['a String object', Object('1')],
  ['what turns into text', { length: 1, toString: () => '1' }],
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
    ['1'.repeat(1_000_000), 'too-long'],
  ])('refuses %j', (text, code) => {
    expect(codeOf(() => parseDecimal(text))).toBe(code);
  });

  it('keeps the value out of the message', () => {
    expect(() => parseDecimal('secret')).toThrow(/^The decimal is refused: not-a-number\. /);
    expect(() => parseDecimal('secret')).not.toThrow(/secret/);
  });
});

describe.each([
  ['parseDecimal', parseDecimal],
  ['parseSum', parseSum],
  ['checkDecimal', checkDecimal],
])('%s', (_name, parse) => {
  it.each(notText)('refuses %s, which is no text', (_what, value) => {
    expect(codeOf(() => parse(value as string))).toBe('not-text');
  });

  it('says where the exact text of a number comes from', () => {
    expect(() => parse(0.1 as unknown as string)).toThrow(/is a number.* parseJsonExact\b.*numberText\(\)/);
    expect(() => parse(0.1 as unknown as string)).not.toThrow(/0\.1/);
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
  it.each<[what: string, value: unknown]>([
    ['a number', 5],
    ['a text', '5'],
    ['null', null],
    ['nothing', undefined],
    ['true', true],
    ['a BigInt object', Object(5n)],
  ])('refuses %s, which is no decimal', (_what, value) => {
    expect(codeOf(() => use(value as Decimal))).toBe('not-a-decimal');
  });
});
