import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { bytesAtLeast, canonicalNumber, canonicalText } from './attribute-values.ts';

describe('canonicalNumber', () => {
  it.each([
    ['12.30', '12.3'],
    ['1', '+01.00'],
    ['100', '1e2'],
    ['0.001', '1E-3'],
    ['-0', '0.00'],
    ['.5', '5e-1'],
    ['5.', '5'],
    ['99999999999999999999999999999999999999', '9.9999999999999999999999999999999999999e37'],
  ])('gives %s and %s one text', (a, b) => {
    expect(canonicalNumber(a)).toBeDefined();
    expect(canonicalNumber(a)).toBe(canonicalNumber(b));
  });

  it('distinguishes numbers that a JavaScript number does not', () => {
    expect(canonicalNumber('9007199254740993')).not.toBe(canonicalNumber('9007199254740992'));
    expect(canonicalNumber('-1')).not.toBe(canonicalNumber('1'));
  });

  it.each(['', '.', 'abc', '1,5', '0x1', 'NaN', 'Infinity', '1e126', '1e-131', '1'.repeat(39)])(
    'refuses %j, which DynamoDB does not take or would round',
    (text) => {
      expect(canonicalNumber(text)).toBeUndefined();
    },
  );

  it('refuses a longer text unread, so that no number takes more time than others', () => {
    expect(canonicalNumber(`1.${'0'.repeat(254)}`)).toBe('1e0');
    expect(canonicalNumber(`1.${'0'.repeat(255)}`)).toBeUndefined();
    expect(canonicalNumber(`1.${'0'.repeat(100_000)}1`)).toBeUndefined();
  });
});

describe('canonicalText', () => {
  it.each<[string, AttributeValue, AttributeValue]>([
    ['numbers', { N: '1.0' }, { N: '1' }],
    ['sets in another order', { SS: ['b', 'a'] }, { SS: ['a', 'b'] }],
    ['sets of numbers', { NS: ['10', '2.0'] }, { NS: ['2', '1e1'] }],
    [
      'sets of bytes',
      { BS: [Uint8Array.of(2), Uint8Array.of(1)] },
      { BS: [Uint8Array.of(1), Uint8Array.of(2)] },
    ],
    [
      'maps in another order',
      { M: { a: { L: [{ N: '1.50' }, { NULL: true }] }, b: { BOOL: false } } },
      { M: { b: { BOOL: false }, a: { L: [{ N: '1.5' }, { NULL: true }] } } },
    ],
    ['a Buffer and an array of bytes', { B: Buffer.from('a') }, { B: Uint8Array.of(97) }],
  ])('gives one text to equal %s', (_kind, a, b) => {
    expect(canonicalText(a)).toBeDefined();
    expect(canonicalText(a)).toBe(canonicalText(b));
  });

  it('distinguishes types, order in lists, and an attribute that is absent', () => {
    const texts = [
      { S: '1' },
      { N: '1' },
      { B: Buffer.from('1') },
      { L: [{ N: '1' }] },
      { NS: ['1'] },
      { L: [{ N: '1' }, { N: '2' }] },
      { L: [{ N: '2' }, { N: '1' }] },
      { M: {} },
      { L: [] },
      { BOOL: true },
      { NULL: true },
      { S: '' },
      { S: 'true' },
    ].map((value) => canonicalText(value as AttributeValue));
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts).not.toContain(undefined);
    expect(canonicalText(undefined)).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['no object', 'text'],
    ['null', null],
    ['no type', {}],
    ['an unknown type', { X: '1' }],
    ['two types', { S: 'a', N: '1' }],
    ['a number that is none', { N: 'abc' }],
    ['a JavaScript number', { N: 1 }],
    ['a lone surrogate', { S: '\ud800' }],
    ['bytes as text', { B: 'YQ==' }],
    ['an empty set', { SS: [] }],
    ['a set with a number twice', { NS: ['1', '1.0'] }],
    ['a wrong member', { L: [{ S: 'a' }, { N: 'b' }] }],
    ['a list that is none', { L: 'a' }],
    ['a map that is a list', { M: [] }],
    ['a map with an empty name', { M: { '': { S: 'a' } } }],
    ['a map with a name of 65,536 bytes', { M: { ['ü'.repeat(32_768)]: { S: 'a' } } }],
    ['NULL that is false', { NULL: false }],
    ['BOOL that is text', { BOOL: 'true' }],
  ])('refuses %s', (_kind, value) => {
    expect(canonicalText(value as AttributeValue)).toBeUndefined();
  });

  it('refuses what is nested deeper than DynamoDB takes', () => {
    const nested = (depth: number): AttributeValue => (depth === 0 ? { S: 'a' } : { L: [nested(depth - 1)] });
    expect(canonicalText(nested(31))).toBeDefined();
    expect(canonicalText(nested(32))).toBeUndefined();
  });
});

describe('bytesAtLeast', () => {
  it('counts what each value takes at the least: text in UTF-8, bytes, names of maps', () => {
    const list = [
      { S: 'ü' },
      { B: Uint8Array.of(1, 2, 3) },
      { N: '12' },
      { BOOL: true },
      { NULL: true as const },
    ];
    expect(list.map((value) => bytesAtLeast(value as AttributeValue))).toEqual([2, 3, 1, 1, 1]);
    expect(bytesAtLeast({ L: list as AttributeValue[] })).toBe(8);
    expect(bytesAtLeast({ M: { ab: { SS: ['a', 'bc'] }, c: { NS: ['1', '2'] } } })).toBe(8);
    expect(bytesAtLeast({ BS: [Uint8Array.of(1), Uint8Array.of(1, 2)] })).toBe(3);
  });
});
