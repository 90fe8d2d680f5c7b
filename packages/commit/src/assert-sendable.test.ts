import { describe, expect, it } from 'vitest';
import { assertSendable, sizeOf, whyUnsendable } from './assert-sendable.ts';
import { TransactionRefusedError } from './errors.ts';
import type { Action, Item, Put, Update } from './transaction-port.ts';
import { typeOf } from './value-types.ts';

const key: Item = { Id: { S: 'a' } };
const increment = (id = 'a'): Update => ({
  type: 'update',
  table: 'T',
  key: { Id: { S: id } },
  add: { Value: '1' },
});
const put = (attributes: Item = {}, id = 'a'): Put => ({
  type: 'put',
  table: 'T',
  key: { Id: { S: id } },
  attributes,
});
const bytes = (length: number): { readonly B: Uint8Array } => ({ B: new Uint8Array(length) });
const why = (action: unknown): string | undefined => whyUnsendable(action as Action);

describe('assertSendable', () => {
  const send = (actions: readonly Action[], token?: string) => (): void =>
    assertSendable({ actions, ...(token === undefined ? {} : { token }) });
  const many = (count: number): Action[] => Array.from({ length: count }, (_, id) => increment(`${id}`));

  it.each<[string, readonly Action[], string | undefined]>([
    ['1 action', many(1), undefined],
    ['100 actions', many(100), undefined],
    ['a token of 1 character', many(1), 't'],
    ['a token of 36 characters', many(1), 't'.repeat(36)],
    ['actions in any order', ['b', 'c', 'a'].map((id) => increment(id)), undefined],
    // Each put has 7 bytes of names and key beside its value.
    [
      '4 MB',
      Array.from({ length: 16 }, (_, id) => put({ Raw: bytes(262_144 - 6) }, String.fromCharCode(97 + id))),
      undefined,
    ],
  ])('takes %s', (_, actions, token) => {
    expect(send(actions, token)).not.toThrow();
  });

  it.each<[string, readonly Action[], string | undefined, string]>([
    ['no action', [], undefined, 'a transaction has 1 to 100 actions, not 0'],
    ['101 actions', many(101), undefined, 'a transaction has 1 to 100 actions, not 101'],
    ['an empty token', many(1), '', 'a token has 1 to 36 characters, not 0'],
    ['a token of 37 characters', many(1), 't'.repeat(37), 'a token has 1 to 36 characters, not 37'],
    [
      'two actions on one item',
      [increment(), put()],
      undefined,
      'two actions of one transaction are on one item',
    ],
    ...['aab', 'aba', 'baa', 'abcb', 'cbc', 'abb'].map(
      (ids): [string, readonly Action[], undefined, string] => [
        `two actions on one item, in the order ${ids}`,
        [...ids].map((id) => increment(id)),
        undefined,
        'two actions of one transaction are on one item',
      ],
    ),
    [
      'an action that cannot be sent, in any place',
      [increment('b'), { ...increment(), add: { Value: 'much' } }],
      undefined,
      'update on T: what is added to Value must be a number of at most 38 digits that DynamoDB takes',
    ],
    [
      'more than 4 MB',
      Array.from({ length: 16 }, (_, id) =>
        put({ Raw: bytes(262_144 - (id === 0 ? 5 : 6)) }, String.fromCharCode(97 + id)),
      ),
      undefined,
      'a transaction has at most 4194304 bytes, not 4194305',
    ],
  ])('refuses %s', (_, actions, token, message) => {
    expect(send(actions, token)).toThrow(new TransactionRefusedError(message));
  });
});

describe('whyUnsendable', () => {
  it.each<[string, Action]>([
    ['an increment', increment()],
    ['a put', put({ Text: { S: '' }, Number: { N: '-1.5e3' }, Raw: bytes(0) })],
    ['a conditional put', { ...put(), type: 'put-if-absent' }],
    ['a raise', { type: 'raise', table: 'T', key, attribute: 'Value', below: '', to: '1' }],
    [
      'a compare and set',
      { type: 'compare-and-set', table: 'T', key, attribute: 'Value', previous: '', next: '1' },
    ],
    [
      'an update of every kind with a condition of every kind',
      {
        ...increment(),
        set: { Text: { S: '' } },
        setIfAbsent: { First: { N: '1' } },
        condition: {
          any: [
            { attribute: 'Value', is: 'absent' },
            {
              all: [
                { attribute: 'Value', is: '>=', value: { N: '1' } },
                { attribute: 'Text', is: 'present' },
              ],
            },
          ],
        },
      },
    ],
    ['a put with a condition', { ...put(), condition: { attribute: 'Id', is: 'absent' } }],
    [
      'a check',
      { type: 'check', table: 'T', key, condition: { attribute: 'Id', is: '<>', value: { S: '' } } },
    ],
    ['a key of two attributes', { ...increment(), key: { ...key, Range: { N: '0' } } }],
    ['a key of bytes', { ...increment(), key: { Id: bytes(2_048) } }],
    ['a key of 2,048 bytes', increment('k'.repeat(2_048))],
    ['a key of 1,024 characters with two bytes each', increment('é'.repeat(1_024))],
    ['a key of a number with idle zeros', { ...increment(), key: { Id: { N: '0'.repeat(256) } } }],
    ['an item of 400 kB', put({ Raw: bytes(400 * 1_024 - 6) })],
  ])('finds nothing wrong with %s', (_, action) => {
    expect(why(action)).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ['nothing in its place', null, 'an action must be an object'],
    ['a text in its place', 'put', 'an action must be an object'],
    ['no type', { table: 'T', key }, 'there is no action of the type undefined'],
    ['an unknown type', { ...increment(), type: 'delete' }, 'there is no action of the type "delete"'],
    [
      'the name of what every object has for its type',
      { ...increment(), type: 'toString' },
      'there is no action of the type "toString"',
    ],
    ['an empty table', { ...increment(), table: '' }, 'update: table must be a name'],
    ['a table that is no text', { ...put(), table: 7 }, 'put: table must be a name'],
    [
      'no amount',
      { ...increment(), add: { Value: undefined } },
      'update on T: what is added to Value must be text, not undefined',
    ],
    [
      'an amount that is a number',
      { ...increment(), add: { Value: 1 } },
      'update on T: what is added to Value must be text, not number',
    ],
    [
      'nothing to add',
      { ...increment(), add: undefined },
      'update on T: it changes nothing: add, set or setIfAbsent must have an attribute',
    ],
    ...(['attribute', 'below', 'to'] as const).map((member): [string, unknown, string] => [
      `no ${member} to raise`,
      { type: 'raise', table: 'T', key, attribute: 'A', below: '1', to: '2', [member]: undefined },
      `raise on T: ${member} must be text, not undefined`,
    ]),
    ...(['attribute', 'previous', 'next'] as const).map((member): [string, unknown, string] => [
      `no ${member} to compare and set`,
      {
        type: 'compare-and-set',
        table: 'T',
        key,
        attribute: 'A',
        previous: '1',
        next: '2',
        [member]: undefined,
      },
      `compare-and-set on T: ${member} must be text, not undefined`,
    ]),
    [
      'an amount that is no number',
      { ...increment(), add: { Value: 'much' } },
      'update on T: what is added to Value must be a number of at most 38 digits that DynamoDB takes',
    ],
    ['a member that nobody reads', { ...put(), condtion: {} }, 'put on T: there is no member condtion'],
    ['an addition that is no object', { ...increment(), add: 'x' }, 'update on T: add must be an object'],
    [
      'a plain value to set',
      { ...increment(), set: { A: 'x' } },
      'update on T: A must be one of {S: text}, {N: text}, {B: bytes}',
    ],
    [
      'attributes to set that are no object',
      { ...increment(), set: 1 },
      'update on T: set must be an object',
    ],
    [
      'an attribute without a name',
      { ...increment(), set: { '': { S: '' } } },
      'update on T: an attribute must have a name',
    ],
    [
      'a change of the key',
      { ...increment(), set: { Id: { S: 'b' } } },
      'update on T: Id belongs to the key and cannot be changed',
    ],
    [
      'two changes of one attribute',
      { ...increment(), set: { Value: { N: '1' } } },
      'update on T: Value is changed twice',
    ],
    [
      'an update that sets too much',
      { ...increment(), set: { Raw: bytes(400 * 1_024) } },
      'update on T: an item has at most 409600 bytes, not 409612',
    ],
    [
      'a check without a condition',
      { type: 'check', table: 'T', key },
      'check on T: a condition must be an object',
    ],
    ...(
      [
        [
          'an empty list of conditions',
          { all: [] },
          'all and any are lists of 1 or more conditions, at most 5 deep',
        ],
        ['a list that is none', { any: {} }, 'all and any are lists of 1 or more conditions, at most 5 deep'],
        [
          'conditions that are too deep',
          { all: [{ any: [{ all: [{ any: [{ all: [{ attribute: 'A', is: 'absent' }] }] }] }] }] },
          'all and any are lists of 1 or more conditions, at most 5 deep',
        ],
        [
          'too many comparisons',
          { any: Array.from({ length: 101 }, () => ({ attribute: 'A', is: 'absent' })) },
          'a condition has at most 100 comparisons',
        ],
        [
          'more than an expression takes',
          {
            all: Array.from({ length: 33 }, () => ({
              any: [
                {
                  all: [
                    { attribute: 'A', is: 'absent' },
                    { attribute: 'B', is: 'absent' },
                  ],
                },
                { attribute: 'C', is: 'absent' },
              ],
            })),
          },
          'a condition is an expression of at most 4096 bytes',
        ],
        [
          'a condition without an attribute',
          { attribute: '', is: 'absent' },
          'the attribute of a condition must be a name',
        ],
        [
          'a condition of two forms',
          { all: [{ attribute: 'A', is: 'absent' }], any: [{ attribute: 'A', is: 'absent' }] },
          'a condition is { attribute, is }, { attribute, is, value }, { all } or { any }, and not { all, any }',
        ],
        [
          'a misspelt member',
          { attribute: 'A', is: 'absent', vlaue: { N: '1' } },
          'a condition is { attribute, is }, { attribute, is, value }, { all } or { any }, and not { attribute, is, vlaue }',
        ],
        [
          'a comparator that nobody knows',
          { attribute: 'A', is: '==', value: { N: '1' } },
          'the condition on A must be present, absent, or one of = <> < <= > >=',
        ],
        [
          'a comparison with a plain value',
          { all: [{ attribute: 'A', is: '=', value: 1 }] },
          'the value of the condition on A must be one of {S: text}, {N: text}, {B: bytes}',
        ],
      ] as const
    ).map(([name, condition, fault]): [string, unknown, string] => [
      name,
      { ...put(), condition },
      `put on T: ${fault}`,
    ]),
    ['no key', { ...increment(), key: undefined }, 'update on T: the key must be an object of attributes'],
    [
      'a key that is null',
      { ...increment(), key: null },
      'update on T: the key must be an object of attributes',
    ],
    ['an empty key', { ...increment(), key: {} }, 'update on T: a key has 1 or 2 attributes, not 0'],
    [
      'a key of three attributes',
      { ...increment(), key: { a: { S: 'a' }, b: { S: 'b' }, c: { S: 'c' } } },
      'update on T: a key has 1 or 2 attributes, not 3',
    ],
    [
      'a key of a plain text',
      { ...increment(), key: { Id: 'a' } },
      'update on T: the key Id must be one of {S: text}, {N: text}, {B: bytes}',
    ],
    ['an empty key attribute', increment(''), 'update on T: the key Id is empty'],
    [
      'an empty second key attribute',
      { ...increment(), key: { Id: { N: '1' }, Range: { S: '' } } },
      'update on T: the key Range is empty',
    ],
    ['a key of no bytes', { ...increment(), key: { Id: bytes(0) } }, 'update on T: the key Id is empty'],
    [
      'a key of 2,049 bytes',
      increment('k'.repeat(2_049)),
      'update on T: the key Id has 2049 bytes; 2048 are the limit',
    ],
    [
      'a key of 2,049 raw bytes',
      { ...increment(), key: { Id: bytes(2_049) } },
      'update on T: the key Id has 2049 bytes; 2048 are the limit',
    ],
    ['a lone surrogate in its key', increment('a\ud800'), 'update on T: the key Id has a lone surrogate'],
    ['no attributes', { ...put(), attributes: undefined }, 'put on T: attributes must be an object'],
    ['attributes that are null', { ...put(), attributes: null }, 'put on T: attributes must be an object'],
    [
      'attributes that are a text',
      { ...put(), attributes: 'text' },
      'put on T: attributes must be an object',
    ],
    [
      'attributes that are plain values',
      { ...put(), type: 'put-if-absent', attributes: { Good: { S: '' }, Text: 'plain' } },
      'put-if-absent on T: Text must be one of {S: text}, {N: text}, {B: bytes}',
    ],
    [
      'an item of more than 400 kB',
      put({ Raw: bytes(400 * 1_024 - 5) }),
      'put on T: an item has at most 409600 bytes, not 409601',
    ],
  ])('says what is wrong with %s', (_, action, fault) => {
    expect(why(action)).toBe(fault);
  });
});

describe('typeOf', () => {
  it.each<[unknown, 'S' | 'N' | 'B' | undefined]>([
    [{ S: '' }, 'S'],
    [{ N: '12.5' }, 'N'],
    [{ B: new Uint8Array() }, 'B'],
    [{ S: 1 }, undefined],
    [{ N: 1 }, undefined],
    [{ N: 'much' }, undefined],
    [{ B: [1] }, undefined],
    [{ L: [] }, undefined],
    [{}, undefined],
    [{ S: 'a', N: '1' }, undefined],
    [null, undefined],
    [undefined, undefined],
    ['text', undefined],
  ])('says of %j that its type is %s', (value, type) => {
    expect(typeOf(value)).toBe(type);
  });

  it.each([
    '0',
    '-0',
    '007',
    '1.50',
    '1e10',
    '1E+10',
    '1.5e-10',
    '1'.repeat(38),
    `0.${'0'.repeat(50)}${'1'.repeat(38)}`,
    `${'1'.repeat(38)}${'0'.repeat(50)}`,
    `${'1'.repeat(19)}.${'1'.repeat(19)}`,
    '0'.repeat(60),
  ])('takes %s for a number', (N) => {
    expect(typeOf({ N })).toBe('N');
  });

  it.each([
    '',
    '+1',
    '--1',
    '1.',
    '.5',
    '1.5.5',
    '1e',
    'e5',
    '1e1.5',
    '1ex',
    ' 1',
    '1 ',
    'x1',
    '1x',
    '1,5',
    '1'.repeat(39),
    `${'1'.repeat(19)}.${'1'.repeat(20)}`,
    `1${'0'.repeat(37)}1`,
  ])('does not take %j for a number', (N) => {
    expect(typeOf({ N })).toBeUndefined();
  });
});

describe('sizeOf', () => {
  it('counts names and values in UTF-8, and raw bytes as they are', () => {
    expect(sizeOf(put({ Zahl: { N: '12.5' }, ['Größe']: { S: 'é' }, Raw: bytes(10) }, 'ab'))).toBe(
      'Id'.length + 2 + 'Zahl'.length + 4 + 7 + 2 + 'Raw'.length + 10,
    );
  });

  it('counts what an update adds and sets', () => {
    expect(sizeOf(increment('abc'))).toBe(5 + 6);
    const set = { ab: { S: 'é' } };
    expect(sizeOf({ ...increment('abc'), set, setIfAbsent: { c: { B: new Uint8Array(7) } } })).toBe(
      11 + 4 + 8,
    );
  });

  it('counts only the key of what writes no attributes, and a key attribute once', () => {
    expect(sizeOf({ type: 'check', table: 'T', key, condition: { attribute: 'Value', is: 'absent' } })).toBe(
      3,
    );
    expect(sizeOf({ ...put(), attributes: { Id: { S: 'longer' } } })).toBe(3);
  });
});
