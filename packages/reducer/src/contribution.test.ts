import { describe, expect, test } from 'vitest';
import {
  ContributionError,
  type ContributionErrorCode,
  DecimalError,
  formatContribution,
  mergeContributions,
  parseContribution,
  parseDecimal,
  parseSum,
} from './index.ts';

describe('mergeContributions', () => {
  test('adds key by key, keeps the order of first sight and keeps zeros', () => {
    const first = new Map([['b', parseDecimal('1.1')]]);
    const second = new Map([
      ['a', parseDecimal('2')],
      ['b', parseDecimal('-1.1')],
    ]);
    expect(formatContribution(mergeContributions([first, second]))).toBe('{"b":"0","a":"2"}');
    expect(formatContribution(first)).toBe('{"b":"1.1"}');
  });

  test('is empty for nothing', () => {
    expect(mergeContributions([]).size).toBe(0);
  });

  test('refuses a sum of more than 26 integer digits', () => {
    const large = new Map([['PV', parseSum('9e25')]]);
    expect(() => mergeContributions([large, large])).toThrow(DecimalError);
  });
});

describe('formatContribution', () => {
  test('writes any key as a member of its own, in the order of the contribution', () => {
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
  test('reads numbers from their text, never through a float', () => {
    const text = ' {"a" : 100000000000000000.01 ,"b":\t"1.50","c":1e2,"d":-0.0}\n';
    expect(formatContribution(parseContribution(text))).toBe(
      '{"a":"100000000000000000.01","b":"1.5","c":"100","d":"0"}',
    );
  });

  test('reads names with escapes', () => {
    expect(formatContribution(parseContribution('{"a\\"b\\\\":"1","\\u00e9":2}'))).toBe(
      '{"a\\"b\\\\":"1","é":"2"}',
    );
  });

  test.each<[string, ContributionErrorCode]>([
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
  ])('refuses %s', (text, code) => {
    try {
      parseContribution(text);
    } catch (error) {
      expect(error).toBeInstanceOf(ContributionError);
      expect(error).toMatchObject({ code, retryable: false });
      return;
    }
    throw new Error('The text was accepted.');
  });
});
