import { describe, expect, it } from 'vitest';
import {
  cutItems,
  cutMembers,
  decodeString,
  type JsonKind,
  readJsonMembers,
  readJsonValue,
} from './json-members.ts';

const values: [source: string, kind: JsonKind][] = [
  ['"a"', 'string'],
  ['"\\"}],:{[\\\\"', 'string'],
  ['-1.50E+3', 'number'],
  ['0', 'number'],
  ['true', 'boolean'],
  ['false', 'boolean'],
  ['null', 'null'],
  ['{}', 'object'],
  ['{ "a" : [ { } , "}" ] }', 'object'],
  ['[]', 'array'],
  ['[ [ 1 , 2 ] , "]" ]', 'array'],
];

describe('readJsonValue', () => {
  it.each(values)('finds %s without the white space around it', (source, kind) => {
    for (const space of ['', ' ', '\n', '\r', '\t', ' \r\n\t ']) {
      expect(readJsonValue(space + source + space)).toEqual({ kind, source });
    }
  });

  it.each(['', ' ', '{', '"', "'a'", '01', 'tru', '1 2', '\u00a01'])('finds nothing in %j', (text) => {
    expect(readJsonValue(text)).toBeUndefined();
  });
});

describe('readJsonMembers', () => {
  it.each(values)('cuts %s out of an object, whatever stands around it', (source, kind) => {
    for (const space of ['', ' ', '\n', '\r', '\t', ' \r\n\t ']) {
      const [first, second] = [`"1"${space}:${space}${source}`, `"0"${space}:${space}${source}`];
      const json = readJsonMembers(`${space}{${space}${first}${space},${space}${second}${space}}${space}`);
      const members = new Map(['1', '0'].map((name) => [name, { kind, source }]));
      expect(json).toEqual({ code: 'valid', members });
    }
  });

  it.each([
    ['{"a":1', 'broken-json'],
    ['', 'broken-json'],
    ['null', 'not-an-object'],
    ['[{"a":1}]', 'not-an-object'],
    ['"{}"', 'not-an-object'],
    ['5', 'not-an-object'],
    ['{"a":1,"b":2,"\\u0061":1}', 'duplicate-name'],
  ])('refuses %s', (text, reason) => {
    expect(readJsonMembers(text)).toEqual({ code: 'invalid', reason });
  });
});

describe('cutItems and cutMembers', () => {
  it('end with an error, not in a loop, where nobody has parsed the text before', () => {
    const noString = 'A JSON string has no end although the text was parsed.';
    const noValue = 'A JSON value has no end although the text was parsed.';
    expect(() => cutMembers('{"a')).toThrow(noString);
    expect(() => cutMembers('{"a":"\\')).toThrow(noString);
    expect(() => cutMembers('{"a":{')).toThrow(noValue);
    expect(() => cutItems('["a')).toThrow(noString);
    expect(() => cutItems('[[1')).toThrow(noValue);
  });
});

describe('decodeString', () => {
  it.each([
    ['"a"', 'a'],
    ['""', ''],
    ['"\\\\\\"\\n\\u00e9"', '\\"\né'],
    ['"\\ud800"', '\ud800'],
  ])('decodes %s', (source, text) => {
    expect(decodeString({ kind: 'string', source })).toBe(text);
  });
});
