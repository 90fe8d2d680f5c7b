import { describe, expect, it } from 'vitest';
import {
  type Contribution,
  ContributionError,
  type ContributionErrorCode,
  type Decimal,
  DecimalError,
  formatContribution,
  type Measures,
  mergeContributions,
  parseContribution,
  parseDecimal,
  parseSum,
  sumContributions,
} from './index.ts';

/** Runs what must be refused, and gives the refusal. */
function errorOf(action: () => unknown): ContributionError {
  try {
    action();
  } catch (error) {
    if (error instanceof ContributionError) {
      return error;
    }
    throw error;
  }
  throw new Error('Nothing was refused.');
}

const remedies: Readonly<Record<ContributionErrorCode, string>> = {
  'not-text': 'Give the JSON text; decode bytes as UTF-8 first.',
  'broken-json': 'Give what formatContribution wrote, or another JSON object from key to decimal.',
  'not-an-object': 'Give a JSON object from key to decimal.',
  'duplicate-name': 'Give each key once, with the sum of what it adds.',
  'wrong-type': 'Write each value as a JSON string or a JSON number.',
  'not-a-number': 'Write each value as a decimal, such as "12.5".',
  'out-of-range': 'Keep each value within 26 integer and 12 fraction digits.',
  'not-a-list': 'Give a list of contributions, even for one.',
  'not-a-contribution': 'Give a Map from key to Decimal; an empty one where a record adds nothing.',
  'key-not-text': 'Give each key as a string.',
  'not-a-decimal': 'Make each value from text with parseDecimal.',
  'mixed-values': 'Give either one decimal or measures under one key.',
};

/** The whole error: what was found, without keys and values, and what to do about it. */
function refusal(code: ContributionErrorCode, finding?: string): object {
  const found = finding === undefined ? '' : `${finding}. `;
  const message = `The contribution is refused: ${code}. ${found}${remedies[code]}`;
  return { name: 'ContributionError', code, message };
}

const one = parseDecimal('1');
const good = new Map([['a', one]]);

/** Entries as JavaScript would make them, where no type stands in the way. */
const wrongEntries: [what: string, entry: [unknown, unknown], code: ContributionErrorCode, type: string][] = [
  ['a number', ['b', 5], 'not-a-decimal', 'a number'],
  ['a text', ['b', '5'], 'not-a-decimal', 'a string'],
  ['a missing value', ['b', undefined], 'not-a-decimal', 'undefined'],
  ['null', ['b', null], 'not-a-decimal', 'null'],
  ['a list', ['b', [one]], 'not-a-decimal', 'an object'],
  ['measures that are no decimals', ['b', { count: 1 }], 'not-a-decimal', 'an object'],
  ['a number as key', [7, one], 'key-not-text', 'a number'],
  ['a missing key', [undefined, one], 'key-not-text', 'undefined'],
  ['a symbol as key', [Symbol('secret'), one], 'key-not-text', 'a symbol'],
];

describe('mergeContributions', () => {
  it('adds key by key, keeps the order of first sight and keeps zeros', () => {
    const first = new Map([['b', parseDecimal('1.1')]]);
    const second = new Map([
      ['a', parseDecimal('2')],
      ['b', parseDecimal('-1.1')],
    ]);
    expect(formatContribution(mergeContributions([first, second]))).toBe('{"b":"0","a":"2"}');
    expect(formatContribution(first)).toBe('{"b":"1.1"}');
  });

  it('adds measures up by key and name, and changes none of what it was given', () => {
    const at = (key: string, measures: Record<string, string>): Contribution<Measures> =>
      new Map([
        [key, Object.fromEntries(Object.entries(measures).map(([name, text]) => [name, parseDecimal(text)]))],
      ]);
    const first = at('a', { orders: '1', revenue: '0.1' });
    const merged = mergeContributions([first, at('a', { revenue: '0.2', refunds: '1' }), at('b', {})]);
    expect(merged).toEqual(
      new Map([...at('a', { orders: '1', revenue: '0.3', refunds: '1' }), ...at('b', {})]),
    );
    expect(first).toEqual(at('a', { orders: '1', revenue: '0.1' }));
  });

  it('refuses a decimal and measures under one key', () => {
    const measures: Contribution<Measures> = new Map([['a', { orders: one }]]);
    expect(errorOf(() => mergeContributions<Decimal | Measures>([measures, good]))).toMatchObject(
      refusal('mixed-values'),
    );
    expect(errorOf(() => mergeContributions<Decimal | Measures>([good, measures]))).toMatchObject(
      refusal('mixed-values'),
    );
  });

  it('is what sumContributions makes, which looks at nothing but mixed values', () => {
    const other = new Map([...good, ['b', one]]);
    expect(sumContributions([good, other])).toEqual(mergeContributions([good, other]));
    expect(() => sumContributions<Decimal | Measures>([good, new Map([['a', { n: one }]])])).toThrow(
      'mixed-values',
    );
    expect(() =>
      sumContributions([new Map([['a', parseSum('9e25')]]), new Map([['a', parseSum('9e25')]])]),
    ).toThrow(DecimalError);
  });

  it('is empty for nothing', () => {
    expect(mergeContributions([]).size).toBe(0);
  });

  it('refuses a sum of more than 26 integer digits', () => {
    const large = new Map([['PV', parseSum('9e25')]]);
    expect(() => mergeContributions([large, large])).toThrow(DecimalError);
  });
});

describe('mergeContributions and formatContribution, where types have not been checked', () => {
  it.each(wrongEntries)('refuses %s and says where it is', (_what, entry, code, type) => {
    const wrong = new Map<unknown, unknown>([['a', one], entry]) as Contribution;
    const part = code === 'key-not-text' ? 'key' : 'value';
    expect(errorOf(() => mergeContributions([good, good, wrong]))).toMatchObject(
      refusal(code, `contributions[2], entry 1: the ${part} is ${type}`),
    );
    expect(errorOf(() => formatContribution(wrong))).toMatchObject(
      refusal(code, `entry 1: the ${part} is ${type}`),
    );
  });

  it.each<[what: string, contribution: unknown, type: string]>([
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['an object', { a: one }, 'an object'],
    ['a list of entries', [['a', one]], 'an object'],
    ['a set', new Set([one]), 'an object'],
    ['a bigint', one, 'a bigint'],
  ])('refuses %s in place of a contribution', (_what, contribution, type) => {
    expect(errorOf(() => mergeContributions([good, contribution as Contribution]))).toMatchObject(
      refusal('not-a-contribution', `contributions[1] is ${type}`),
    );
    expect(errorOf(() => formatContribution(contribution as Contribution))).toMatchObject(
      refusal('not-a-contribution', `It is ${type}`),
    );
  });

  it('refuses one contribution in place of a list, and nothing at all', () => {
    expect(errorOf(() => mergeContributions(good as never)).code).toBe('not-a-contribution');
    expect(errorOf(() => mergeContributions(undefined as never))).toMatchObject(
      refusal('not-a-list', 'It is undefined'),
    );
    expect(errorOf(() => mergeContributions({} as never))).toMatchObject(
      refusal('not-a-list', 'It is an object'),
    );
  });
});

describe('formatContribution', () => {
  it('writes any key as a member of its own, in the order of the contribution', () => {
    const value = parseDecimal('0.5');
    const contribution = new Map(
      ['__proto__', 'b', '10', '9', 'a"\\', '', '\ud800'].map((key) => [key, value]),
    );
    const text = formatContribution(contribution);
    expect(text).toBe(
      '{"__proto__":"0.5","b":"0.5","10":"0.5","9":"0.5","a\\"\\\\":"0.5","":"0.5","\\ud800":"0.5"}',
    );
    expect([...parseContribution(text)]).toEqual([...contribution]);
  });
});

describe('parseContribution', () => {
  it.each<[what: string, text: unknown, type: string]>([
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a number', 5, 'a number'],
    ['bytes', Uint8Array.of(0x7b, 0x7d), 'an object'],
    ['a list of one text', ['{"a":"1"}'], 'an object'],
    ['a String object', Object('{"a":"1"}'), 'an object'],
  ])('refuses %s in place of a text', (_what, text, type) => {
    expect(errorOf(() => parseContribution(text as string))).toMatchObject(
      refusal('not-text', `It is ${type}`),
    );
  });

  it('reads numbers from their text, never through a float', () => {
    const text = ' {"a" : 100000000000000000.01 ,"b":\t"1.50","c":1e2,"d":-0.0}\n';
    expect(formatContribution(parseContribution(text))).toBe(
      '{"a":"100000000000000000.01","b":"1.5","c":"100","d":"0"}',
    );
  });

  it('reads names with escapes', () => {
    expect(formatContribution(parseContribution('{"a\\"b\\\\":"1","\\u00e9":2}'))).toBe(
      '{"a\\"b\\\\":"1","é":"2"}',
    );
  });

  it.each<[string, ContributionErrorCode]>([
    ['{', 'broken-json'],
    ['', 'broken-json'],
    ['[]', 'not-an-object'],
    ['"{}"', 'not-an-object'],
    ['{"a":1,"a":1}', 'duplicate-name'],
    ['{"__proto__":1,"__proto__":1}', 'duplicate-name'],
    ['{"a":null}', 'wrong-type'],
    ['{"a":true}', 'wrong-type'],
    ['{"a":{"b":1}}', 'wrong-type'],
    ['{"a":["1"]}', 'wrong-type'],
    ['{"a":"one"}', 'not-a-number'],
    ['{"a":""}', 'not-a-number'],
    ['{"a":1e400}', 'out-of-range'],
    ['{"a":0.0000000000001}', 'out-of-range'],
  ])('refuses %s, and says how to write it', (text, code) => {
    expect(errorOf(() => parseContribution(text))).toMatchObject(refusal(code));
  });

  it.each([
    ['{"a":"one"}', 'not-a-number'],
    ['{"a":1e400}', 'too-many-integer-digits'],
  ])('says by the cause what is wrong with the value of %s', (text, code) => {
    expect(errorOf(() => parseContribution(text)).cause).toMatchObject({ name: 'DecimalError', code });
  });
});
