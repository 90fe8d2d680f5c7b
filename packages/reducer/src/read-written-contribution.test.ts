import { describe, expect, it } from 'vitest';
import { type Contribution, formatContribution, parseContribution } from './contribution.ts';
import { parseDecimal, parseSum } from './decimal.ts';
import { readWrittenContribution } from './read-written-contribution.ts';

describe('readWrittenContribution', () => {
  it.each<[what: string, contribution: Contribution]>([
    ['one key', new Map([['PV', parseDecimal('1')]])],
    ['an empty key', new Map([['', parseDecimal('-0.5')]])],
    ['keys that look like numbers', new Map(['b', '10', '9'].map((key) => [key, parseDecimal('0')]))],
    ['names of an object', new Map(['__proto__', 'constructor'].map((key) => [key, parseDecimal('12.30')]))],
    ['keys beyond ASCII', new Map(['é', '債券:東京', '😀'].map((key) => [key, parseDecimal('7')]))],
    ['a long sum', new Map([['PV', parseSum(`-${'9'.repeat(26)}.${'9'.repeat(12)}`)]])],
    ['keys of one hash', new Map(['Aa', 'BB', 'Aa:BB', 'BB:Aa'].map((key) => [key, parseDecimal('1')]))],
  ])('reads %s as they are written, however often', (_what, contribution) => {
    const text = formatContribution(contribution);
    for (let time = 0; time < 3; time += 1) {
      expect([...(readWrittenContribution(text) ?? [])]).toEqual([...contribution]);
    }
  });

  it('reads a text that is longer than those whose keys it keeps', () => {
    const contribution = new Map(
      Array.from({ length: 2_000 }, (_none, index) => [`key ${index}`, parseDecimal(String(index))]),
    );
    expect([...(readWrittenContribution(formatContribution(contribution)) ?? [])]).toEqual([...contribution]);
  });

  it.each([
    ['no members', '{}'],
    ['white space', '{"a": "1"}'],
    ['white space around it', ' {"a":"1"} '],
    ['a number', '{"a":1}'],
    ['an escape in a key', '{"\\u0061":"1"}'],
    ['an escape in a value', '{"a":"\\u0031"}'],
  ])('leaves an object with %s to others', (_what, text) => {
    expect(readWrittenContribution(text)).toBeUndefined();
    expect(() => parseContribution(text)).not.toThrow();
  });

  it.each([
    ['an object as a value', '{"a":{"b":"1"}}'],
    ['a key twice', '{"a":"1","a":"1"}'],
    ['a control character in a key', '{"a\n":"1"}'],
    ['a value that is no number', '{"a":"one"}'],
    ['a value that is too large', '{"a":"1e26"}'],
    ['no closing brace', '{"a":"1"'],
    ['no opening brace', '"a":"1"}'],
    ['nothing', ''],
    ['one brace', '{'],
    ['a key without end', '{"a}'],
    ['a key without a value', '{"a"}'],
    ['a value without end', '{"a":"1}'],
    ['an empty value', '{"a":""}'],
    ['a comma before the first member', '{,"a":"1"}'],
    ['a comma behind the last member', '{"a":"1",}'],
    ['no comma', '{"a":"1""b":"2"}'],
    ['another character in place of a comma', '{"a":"1";"b":"2"}'],
    ['something behind it', '{"a":"1"}}'],
  ])('does not know a text with %s, which is refused', (_what, text) => {
    expect(readWrittenContribution(text)).toBeUndefined();
    expect(() => parseContribution(text)).toThrow('The contribution is refused');
  });
});
