import { type Contribution, parseDecimal } from '@oncefold/reducer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incrementEach, ROW_KEYS_MAX, rowOfSums } from './effect.ts';

const delta = (entries: Record<string, string>): Contribution =>
  new Map(Object.entries(entries).map(([key, value]) => [key, parseDecimal(value)]));
const group = { name: 'group', earliestTime: 990, latestTime: 1_000.25 };

describe('incrementEach', () => {
  const effect = incrementEach({ table: 'Aggregates', key: 'Identifier', attribute: 'Value' });

  it('refuses measures, which need a table of several', () => {
    expect(effect.whyRefused?.('a', parseDecimal('1'))).toBeUndefined();
    expect(effect.whyRefused?.('a', { views: parseDecimal('1') })).toMatchObject({
      reason: expect.stringContaining('measures need an aggregateTable'),
    });
  });

  it('increments one item for each key, in the order of the keys, whatever order they came in', () => {
    const increment = (key: string, by: string) => ({
      type: 'update',
      table: 'Aggregates',
      key: { Identifier: { S: key } },
      add: { Value: by },
    });
    const expected = [increment('a', '-0.5'), increment('b', '2'), increment('c', '0')];
    expect(effect.actions(delta({ c: '0', a: '-0.5', b: '2' }), group)).toEqual(expected);
    expect(effect.actions(delta({ b: '2', c: '0', a: '-0.5' }), group)).toEqual(expected);
  });

  it('increments keys that are apart in a table of their own', () => {
    const apart = { table: 'Recounts', holds: (key: string) => key.startsWith(':') };
    const actions = incrementEach({
      table: 'Aggregates',
      key: 'Identifier',
      attribute: 'Value',
      apart,
    }).actions(delta({ a: '1', ':7:a': '2' }), group);
    expect(actions).toMatchObject([
      { table: 'Recounts', key: { Identifier: { S: ':7:a' } }, add: { Value: '2' } },
      { table: 'Aggregates', key: { Identifier: { S: 'a' } }, add: { Value: '1' } },
    ]);
  });

  it('needs one action for each of at most 99 keys, beside a guard', () => {
    expect(effect.keysMax).toBe(99);
    expect([0, 1, 99].map((count) => effect.actionCount(count))).toEqual([0, 1, 99]);
  });

  it('counts the bytes of a key in UTF-8, and room for its sum', () => {
    expect(effect.bytesOf('é')).toBe(2 + 48);
  });
});

describe('rowOfSums', () => {
  const options = { table: 'Rows', key: 'MessageId', attribute: 'Message' };
  const expiring = rowOfSums({ ...options, expiry: { attribute: 'ExpiresAt', afterSeconds: 60 } });

  it('puts one row that is named by its group, with the sums as JSON in the order of their keys', () => {
    const row = {
      type: 'put-if-absent',
      table: 'Rows',
      key: { MessageId: { S: 'group' } },
      attributes: { Message: { S: '{"a":"-0.5","b":"2"}' } },
    };
    expect(rowOfSums(options).actions(delta({ b: '2', a: '-0.5' }), group)).toEqual([row]);
    expect(rowOfSums(options).actions(delta({ a: '-0.5', b: '2' }), group)).toEqual([row]);
  });

  it('lets the row expire so many whole seconds after its newest record, where that tells a time', () => {
    expect(expiring.actions(delta({ a: '1' }), group)).toMatchObject([
      { attributes: { Message: { S: '{"a":"1"}' }, ExpiresAt: { N: '1061' } } },
    ]);
    expect(expiring.actions(delta({ a: '1' }), { ...group, latestTime: undefined })).toMatchObject([
      { attributes: { Message: { S: '{"a":"1"}' } } },
    ]);
    expect(expiring.actions(delta({ a: '1' }), { ...group, latestTime: undefined })[0]).not.toHaveProperty(
      'attributes.ExpiresAt',
    );
  });

  it('counts from its clock where it has one, and never from before the records', () => {
    const at = (now: number) =>
      rowOfSums({ ...options, expiry: { attribute: 'ExpiresAt', afterSeconds: 60, now: () => now } });
    for (const [now, expiresAt] of [
      [5_000_500, '5061'],
      [500_000, '1061'],
    ] as const) {
      expect(at(now).actions(delta({ a: '1' }), group)).toMatchObject([
        { attributes: { ExpiresAt: { N: expiresAt } } },
      ]);
    }
  });

  it('puts keys that are apart into an attribute of their own, where there are any', () => {
    const apart = { attribute: 'Recount', holds: (key: string) => key.startsWith(':') };
    const effect = rowOfSums({ ...options, apart });
    expect(effect.actions(delta({ a: '1', ':7:a': '2' }), group)).toMatchObject([
      { attributes: { Message: { S: '{"a":"1"}' }, Recount: { S: '{":7:a":"2"}' } } },
    ]);
    expect(effect.actions(delta({ ':7:a': '2' }), group)).toMatchObject([
      { attributes: { Message: { S: '{}' }, Recount: { S: '{":7:a":"2"}' } } },
    ]);
    expect(effect.actions(delta({ a: '1' }), group)[0]).not.toHaveProperty('attributes.Recount');
  });

  it('writes nothing for an empty delta', () => {
    expect(expiring.actions(new Map(), group)).toEqual([]);
    expect([0, 1, ROW_KEYS_MAX].map((count) => expiring.actionCount(count))).toEqual([0, 1, 1]);
    expect(expiring.keysMax).toBe(80);
  });

  it('counts at least the bytes that a key and its sum take in the row, whatever JSON makes of the key', () => {
    const sum = fc.constantFrom(`-${'9'.repeat(18)}.${'9'.repeat(12)}`, '0');
    const keys = fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 50 }), {
      minLength: 1,
      maxLength: 10,
    });
    fc.assert(
      fc.property(keys, sum, (names, value) => {
        const [row] = expiring.actions(delta(Object.fromEntries(names.map((name) => [name, value]))), group);
        const text = row?.type === 'put-if-absent' ? row.attributes['Message'] : undefined;
        const bytes = text !== undefined && 'S' in text ? Buffer.byteLength(text.S) : 0;
        const counted = [...new Set(names)].reduce((total, name) => total + expiring.bytesOf(name), 0);
        expect(bytes).toBeGreaterThan(0);
        expect(counted).toBeGreaterThanOrEqual(bytes);
      }),
    );
    expect(expiring.bytesOf('\u0000é')).toBe('"\\u0000é"'.length + 1 + 48);
  });
});
