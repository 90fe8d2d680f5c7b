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
  type Rounding,
  toDecimal,
  toSafeInteger,
  zero,
} from './index.ts';

const remedies: Readonly<Record<DecimalErrorCode, string>> = {
  'not-text':
    'must be text, because a JavaScript number may already have lost digits. Read JSON with parseJsonExact(text) and ' +
    "take the number's text with get(name).numberText(), or take the text of a DynamoDB N.",
  'not-a-decimal': 'must be a Decimal. Make one from text with parseDecimal.',
  'not-a-safe-integer':
    'A JavaScript number must be an integer from -(2^53 - 1) to 2^53 - 1, because another may already have lost digits. ' +
    'Give the exact text of the source, or round what was computed: ' +
    "parseDecimal(String(value), { fractionDigitsMax: 2, rounding: 'half-even' }).",
  'wrong-type': 'must be a Decimal, the text of a number, or a safe integer.',
  'bad-options':
    'fractionDigitsMax must be an integer from 0 to 12, rounding one of half-even, half-up, down, up; there are no others. ' +
    'In place of texts.map(parseDecimal), write texts.map((text) => parseDecimal(text)).',
  'not-a-number': 'Write it as JSON does: -12.5 or 1e3, without spaces, plus sign or thousands separators.',
  'too-long': 'Write it in at most 256 characters.',
  'too-many-integer-digits':
    'A value may have 18 integer digits, a sum 26: use a larger unit, or quarantine the record.',
  'too-many-fraction-digits':
    "Ask for rounding, as in parseDecimal(text, { rounding: 'half-even' }), or quarantine the record.",
};

/** The code of a refusal, whose message must name the remedy and, of what came, the type only. */
function codeOf(action: () => unknown, finding?: string): DecimalErrorCode {
  try {
    action();
  } catch (error) {
    if (error instanceof DecimalError) {
      const found =
        finding ?? (error.code === 'too-many-fraction-digits' ? 'It may have 12 fraction digits.' : '');
      expect(error.message.replace(`. ${found} `, '. ')).toBe(
        `The decimal is refused: ${error.code}. ${remedies[error.code]}`,
      );
      expect(error.message).toContain(found);
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

describe('parseDecimal with options', () => {
  it.each<
    [text: string, fractionDigitsMax: number, halfEven: string, halfUp: string, down: string, up: string]
  >([
    ['0.30000000000000004', 12, '0.3', '0.3', '0.3', '0.300000000001'],
    ['0.125', 2, '0.12', '0.13', '0.12', '0.13'],
    ['0.135', 2, '0.14', '0.14', '0.13', '0.14'],
    ['0.1251', 2, '0.13', '0.13', '0.12', '0.13'],
    ['0.1249', 2, '0.12', '0.12', '0.12', '0.13'],
    ['-0.125', 2, '-0.12', '-0.13', '-0.12', '-0.13'],
    ['0.26', 1, '0.3', '0.3', '0.2', '0.3'],
    ['0.5', 0, '0', '1', '0', '1'],
    ['5e-1', 0, '0', '1', '0', '1'],
    ['1.5', 0, '2', '2', '1', '2'],
    ['0.05', 0, '0', '0', '0', '1'],
    ['-1e-400', 0, '0', '0', '0', '-1'],
    ['9e-999999999999999999999999999999', 12, '0', '0', '0', '0.000000000001'],
    ['9.99', 1, '10', '10', '9.9', '10'],
    ['12.50', 1, '12.5', '12.5', '12.5', '12.5'],
    ['12.50', 2, '12.5', '12.5', '12.5', '12.5'],
  ])('rounds %s to %i digits in each direction', (text, fractionDigitsMax, halfEven, halfUp, down, up) => {
    const rounded = (rounding: Rounding): string =>
      formatDecimal(parseDecimal(text, { fractionDigitsMax, rounding }));
    expect([rounded('half-even'), rounded('half-up'), rounded('down'), rounded('up')]).toEqual([
      halfEven,
      halfUp,
      down,
      up,
    ]);
  });

  it('refuses more digits than the limit without rounding, and names the limit', () => {
    const options = { fractionDigitsMax: 2 };
    expect(formatDecimal(parseDecimal('12.3400', options))).toBe('12.34');
    expect(codeOf(() => parseDecimal('12.345', options), 'It may have 2 fraction digits.')).toBe(
      'too-many-fraction-digits',
    );
    expect(checkDecimal('12.345', options)).toBe('too-many-fraction-digits');
    expect(codeOf(() => parseDecimal(String(0.1 + 0.2)))).toBe('too-many-fraction-digits');
  });

  it('refuses what is rounded to more integer digits than a value may have', () => {
    const text = `${'9'.repeat(18)}.5`;
    const rounded = (rounding: Rounding): unknown => checkDecimal(text, { fractionDigitsMax: 0, rounding });
    expect([rounded('half-even'), rounded('half-up'), rounded('up')]).toEqual(
      Array(3).fill('too-many-integer-digits'),
    );
    expect(rounded('down')).toBe((10n ** 18n - 1n) * one);
    expect(checkDecimal(`${'9'.repeat(18)}.${'9'.repeat(13)}`, { rounding: 'half-up' })).toBe(
      'too-many-integer-digits',
    );
  });

  it.each<[what: string, options: unknown]>([
    ['more digits than a decimal keeps', { fractionDigitsMax: 13 }],
    ['fewer than no digits', { fractionDigitsMax: -1 }],
    ['half a digit', { fractionDigitsMax: 0.5 }],
    ['a limit as text', { fractionDigitsMax: '2' }],
    ['an unknown rounding', { rounding: 'floor' }],
    ['the name of a property of every object', { rounding: 'constructor' }],
    ['a misspelt option', { fractionDigitMax: 2 }],
    ['null', null],
    ['the index that map passes', 0],
  ])('refuses %s, and says what is allowed', (_what, options) => {
    expect(codeOf(() => parseDecimal('1', options as never))).toBe('bad-options');
    expect(codeOf(() => checkDecimal('1', options as never))).toBe('bad-options');
  });
});

describe('toDecimal', () => {
  it.each<[value: number | string | Decimal, text: string]>([
    [1, '1'],
    [-0, '0'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [Number.MIN_SAFE_INTEGER, '-9007199254740991'],
    ['12.30', '12.3'],
    [parseSum('9e25'), '90000000000000000000000000'],
  ])('takes %s', (value, text) => {
    expect(formatDecimal(toDecimal(value))).toBe(text);
  });

  it.each([0.5, 12.3, Number.MAX_SAFE_INTEGER + 1, -(2 ** 53), 1e21, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses %d, which may not say what was written',
    (value) => {
      expect(codeOf(() => toDecimal(value))).toBe('not-a-safe-integer');
    },
  );

  it('refuses a text and a decimal beyond the limits', () => {
    expect(codeOf(() => toDecimal('1,5'))).toBe('not-a-number');
    expect(codeOf(() => toDecimal('1e18'))).toBe('too-many-integer-digits');
    expect(codeOf(() => toDecimal((10n ** 38n) as Decimal))).toBe('too-many-integer-digits');
  });

  it.each<[value: unknown, type: string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [true, 'a boolean'],
    [['1'], 'an object'],
    [{ N: '1' }, 'an object'],
  ])('refuses %j, and names its type', (value, type) => {
    expect(codeOf(() => toDecimal(value as never), `It is ${type} and`)).toBe('wrong-type');
  });
});

describe.each([
  ['parseDecimal', parseDecimal],
  ['parseSum', parseSum],
  ['checkDecimal', checkDecimal],
])('%s', (_name, parse) => {
  it.each(notText)('refuses %s, and says where the exact text comes from', (_what, value, type) => {
    expect(codeOf(() => parse(value as string), `It is ${type} and`)).toBe('not-text');
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
    expect(codeOf(() => use(value as Decimal), `It is ${type} and`)).toBe('not-a-decimal');
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
