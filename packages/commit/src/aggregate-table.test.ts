import { type Contribution, mergeContributions, parseDecimal } from '@oncefold/reducer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AggregateTableOptions, aggregateTable } from './aggregate-table.ts';
import { combineTables } from './combine-tables.ts';
import { commitBatch } from './commit-batch.ts';
import type { Sum } from './effect.ts';
import { createMemoryTransactions } from './memory/index.ts';
import { ledger } from './strategies/ledger.ts';
import type { CommitRecord } from './strategy.ts';
import { itemName } from './transaction-port.ts';

const group = { name: 'group', earliestTime: 100.5, latestTime: 200 };
const key = { PK: 'PAGE#{page}', SK: 'DAY#{day}' } as const;
const views = aggregateTable({ table: 'PageViews', key, measures: ['views', 'seconds'] });
const home = { page: '/home', day: '2026-11-25' };

describe('aggregateTable', () => {
  it('adds every measure to the item of a composite key, 0 where a record does not tell it', () => {
    const delta = mergeContributions([
      views.add(home, { views: 1, seconds: '12.30' }),
      views.add(home, { views: 1 }),
      views.add({ ...home, day: '2026-11-26' }, { seconds: parseDecimal('-1') }),
    ]);
    const place = { type: 'update', table: 'PageViews' };
    expect(views.actions(delta, group)).toEqual([
      {
        ...place,
        key: { PK: { S: 'PAGE#/home' }, SK: { S: 'DAY#2026-11-25' } },
        add: { views: '2', seconds: '12.3' },
      },
      {
        ...place,
        key: { PK: { S: 'PAGE#/home' }, SK: { S: 'DAY#2026-11-26' } },
        add: { views: '0', seconds: '-1' },
      },
    ]);
  });

  it('adds 0 for a measure that is left out and named like a method of every object', () => {
    const words = aggregateTable({
      table: 'Words',
      key: { Book: '{book}' },
      measures: ['constructor', 'toString'],
      limits: { constructor: { min: 0 } } as never,
    });
    const [action] = words.actions(words.add({ book: 'a' }, { toString: 2 } as never), group);
    expect(action).toEqual({
      type: 'update',
      table: 'Words',
      key: { Book: { S: 'a' } },
      add: { constructor: '0', toString: '2' },
    });
  });

  it('makes keys of numbers and bytes, equal for equal values', () => {
    const table = aggregateTable({
      table: 'T',
      key: { Hash: { B: 'hash' }, Minute: { N: 'minute' } },
      measures: ['count'],
    });
    const at = (minute: number | string): Contribution<Sum> =>
      table.add({ hash: Uint8Array.from([0, 255]), minute }, { count: 1 });
    expect(table.actions(mergeContributions([at(-7), at('-7.0'), at('-70e-1')]), group)).toEqual([
      {
        type: 'update',
        table: 'T',
        key: { Hash: { B: Uint8Array.from([0, 255]) }, Minute: { N: '-7' } },
        add: { count: '3' },
      },
    ]);
  });

  it('lets no input forge the key of another item', () => {
    const text = fc.string({
      minLength: 1,
      maxLength: 8,
      unit: fc.constantFrom('a', '#', '%', 'DAY#', '"', '\n', 'é'),
    });
    fc.assert(
      fc.property(text, text, text, text, (page, day, otherPage, otherDay) => {
        const [a, b] = [
          [page, day],
          [otherPage, otherDay],
        ].map(([page = '', day = '']) =>
          itemName(views.actions(views.add({ page, day }, {}), group)[0] as never),
        );
        expect(a === b).toBe(page === otherPage && day === otherDay);
      }),
    );
  });

  it('sets attributes beside the sums, by the parts of the key and the times of the group', () => {
    const table = aggregateTable({
      table: 'T',
      key: { ...key, SK: { N: 'day' } },
      measures: ['views'],
      attributes: ({ page, day }, { earliestTime = 0, latestTime = 0 }) => ({
        set: { Type: { S: `${page} on ${day}` }, ExpiresAt: { N: String(latestTime + 60) } },
        setIfAbsent: { FirstSeen: { N: String(earliestTime) } },
      }),
    });
    expect(table.actions(table.add({ page: '/a#b', day: 7 }, { views: 1 }), group)).toMatchObject([
      {
        key: { PK: { S: 'PAGE#/a%23b' }, SK: { N: '7' } },
        set: { Type: { S: '/a#b on 7' }, ExpiresAt: { N: '260' } },
        setIfAbsent: { FirstSeen: { N: '100.5' } },
      },
    ]);
  });

  it.each<[string, number, unknown]>([
    ['takes nothing away', 5, undefined],
    ['takes what must be there', -5, { attribute: 'pieces', is: '>=', value: { N: '5' } }],
    ['takes nothing', 0, undefined],
  ])('asks for a minimum of 0 where a record %s', (_, pieces, condition) => {
    const stock = aggregateTable({
      table: 'Stock',
      key: { Shelf: '{shelf}' },
      measures: ['pieces'],
      limits: { pieces: { min: 0 } },
    });
    expect(stock.actions(stock.add({ shelf: 'a' }, { pieces }), group)[0]).toEqual({
      type: 'update',
      table: 'Stock',
      key: { Shelf: { S: 'a' } },
      add: { pieces: String(pieces) },
      ...(condition === undefined ? {} : { condition }),
    });
  });

  it('counts an absent item as 0 where its limits allow that, and asks for several limits at once', () => {
    const table = aggregateTable({
      table: 'T',
      key: { Id: '{id}' },
      measures: ['credit', 'load'],
      limits: { credit: { min: '-10.5', max: 10 }, load: { max: 100 } },
    });
    const absentOr = (attribute: string, is: string, bound: string): unknown => ({
      any: [
        { attribute, is: 'absent' },
        { attribute, is, value: { N: bound } },
      ],
    });
    expect(table.actions(table.add({ id: 'a' }, { credit: -2, load: 30 }), group)[0]).toMatchObject({
      condition: { all: [absentOr('credit', '>=', '-8.5'), absentOr('load', '<=', '70')] },
    });
    expect(table.actions(table.add({ id: 'a' }, { credit: 11 }), group)[0]).toMatchObject({
      condition: { attribute: 'credit', is: '<=', value: { N: '-1' } },
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a misspelt option', { tabel: 'T' }, 'aggregateTable: there is no option tabel'],
    ['no measures', { measures: [] }, 'measures must be a list of 1 to 50 names'],
    ['a measure twice', { measures: ['a', 'a'] }, 'measures[1] must be the name of an attribute'],
    ['a measure of the key', { measures: ['Id'] }, 'measures[0] must be the name of an attribute'],
    ['no key', { key: {} }, 'key must name the partition key'],
    ['a key of three', { key: { A: 'a', B: 'b', C: 'c' } }, 'key must name the partition key'],
    ['a key of an unknown type', { key: { Id: { S: 'id' } } }, 'the key Id must be a pattern of text'],
    ['a key of nothing', { key: { Id: null } }, 'the key Id must be a pattern of text'],
    ['a key of no type', { key: { Id: {} } }, 'the key Id must be a pattern of text'],
    ['a key that is a number', { key: { Id: 7 } }, 'the key Id must be a pattern of text'],
    ['a key that names no attribute', { key: 'Id' }, 'key must name the partition key'],
    ['null for a key', { key: null }, 'key must name the partition key'],
    ['a broken pattern', { key: { Id: '{id' } }, 'Each { of a key pattern'],
    ['a limit of no measure', { limits: { b: { min: 0 } } }, 'limits has b, which is none of the measures'],
    ['a limit that is none', { limits: { a: { min: undefined } } }, 'limits.a must have min, max or both'],
    [
      'limits that no sum meets',
      { limits: { a: { min: 5, max: '4.9' } } },
      'limits.a has a min above its max',
    ],
    ['a misspelt limit', { limits: { a: { minimum: 0 } } }, 'limits.a has min and max, and no minimum'],
    ['a table that is no text', { table: 7 }, 'the option table must be text'],
    ['attributes that are no function', { attributes: { set: {} } }, 'attributes must be a function'],
    ['a limit that is no number', { limits: { a: { min: 0.5 } } }, 'The decimal is refused'],
  ])('refuses %s when it is made', (_, more, message) => {
    const options = { table: 'T', key: { Id: '{id}' }, measures: ['a'], ...more };
    expect(() => aggregateTable(options as unknown as AggregateTableOptions<{ Id: '{id}' }, string>)).toThrow(
      message,
    );
  });

  it.each<[string, () => unknown, string]>([
    [
      'a measure that there is not',
      () => views.add(home, { view: 1 } as never),
      'PageViews has no measure view',
    ],
    [
      'a part that there is not',
      () => views.add({ ...home, hour: '7' } as never, {}),
      'no key attribute has a part hour',
    ],
    ['a missing part', () => views.add({ page: 'a' } as never, {}), 'The part day must be text'],
    [
      'no measures',
      () => (views.add as (parts: unknown) => unknown)(home),
      'PageViews: add takes the parts of the key and the measures, each as an object, and the measures are undefined',
    ],
    [
      'a part instead of parts',
      () => views.add('/home' as never, { views: 1 }),
      'and the parts are a string',
    ],
    [
      'a sort key that is too long',
      () => views.add({ ...home, day: 'd'.repeat(1_021) }, {}),
      '1024 UTF-8 bytes',
    ],
    [
      'an inexact number',
      () => views.add(home, { seconds: 0.5 }),
      'The decimal is refused: not-a-safe-integer',
    ],
    [
      'bytes that are none',
      () =>
        aggregateTable({ table: 'T', key: { H: { B: 'h' } }, measures: ['a'] }).add(
          { h: new Uint8Array() },
          {},
        ),
      'The part h must be 1 to 2048 bytes',
    ],
  ])('refuses to add %s', (_, add, message) => {
    expect(add).toThrow(message);
  });

  it.each<[string, object, string]>([
    ['an unknown member', { add: {} }, 'there is no member add'],
    ['a plain value', { set: { Type: 'x' } }, 'Type must be one of'],
    ['too many bytes', { setIfAbsent: { Text: { S: 'x'.repeat(8_190) } } }, 'at most 8192 bytes, not 8194'],
    ['an attribute of the key', { set: { SK: { S: 'x' } } }, 'SK is of the key, or a measure, or set twice'],
    ['a measure', { setIfAbsent: { views: { N: '0' } } }, 'views is of the key, or a measure, or set twice'],
    [
      'one that is set twice',
      { set: { Type: { S: 'x' } }, setIfAbsent: { Type: { S: 'y' } } },
      'Type is of the key, or a measure, or set twice',
    ],
  ])('refuses attributes with %s', (_, attributes, message) => {
    const table = aggregateTable({ table: 'T', key, measures: ['views'], attributes: () => attributes });
    expect(() => table.actions(table.add(home, {}), group)).toThrow(message);
  });

  it('refuses contributions that its add has not made', () => {
    const other = aggregateTable({ table: 'PageViews', key: { PK: 'PAGE#{page}' }, measures: ['views'] });
    const [own = ''] = views.add(home, {}).keys();
    const [foreign = ''] = other.add({ page: '/home' }, {}).keys();
    expect(views.whyRefused(own, { views: parseDecimal('1') })).toBeUndefined();
    expect(views.whyRefused(foreign, {})?.reason).toBe(
      'the key is none of PageViews: make contributions with the add of the effect that commits them',
    );
    expect(views.whyRefused(own, parseDecimal('1'))?.reason).toContain('must be measures');
    expect(views.whyRefused(own, { clicks: parseDecimal('1') })).toEqual({
      code: 'misuse',
      reason: 'there is no measure clicks',
    });
  });
});

describe('combineTables', () => {
  const totals = aggregateTable({
    table: 'PageViews',
    key: { PK: 'PAGE#{page}', SK: 'TOTAL' },
    measures: ['views'],
  });
  const both = combineTables(views, totals);

  it('hands each contribution to the table that has made it', () => {
    const delta = mergeContributions<Sum>([
      views.add(home, { views: 1 }),
      totals.add({ page: '/home' }, { views: 2 }),
    ]);
    expect(
      both.actions(delta, group).map((action) => [action.key['SK'], 'add' in action && action.add]),
    ).toEqual([
      [{ S: 'DAY#2026-11-25' }, { views: '1', seconds: '0' }],
      [{ S: 'TOTAL' }, { views: '2' }],
    ]);
    expect(both.actions(new Map(), group)).toEqual([]);
    for (const [key, sum] of delta) {
      expect(both.whyRefused(key, sum)).toBeUndefined();
      expect(both.bytesOf(key)).toBeGreaterThan(100);
    }
    expect([both.keysMax, both.actionCount(2)]).toEqual([99, 2]);
  });

  it('says that two of its tables meet in one item, and commits what meets there one after the other', async () => {
    const typed = (Pk: string, type: string) =>
      aggregateTable({
        table: 'Site',
        key: { PK: Pk },
        measures: ['views'],
        attributes: () => ({ set: { Type: { S: type } } }),
      });
    const [any, page] = [typed('{type}#{id}', 'any'), typed('PAGE#{page}', 'page')];
    const contributions = [
      any.add({ type: 'PAGE', id: '7' } as never, { views: 1 }),
      page.add({ page: '7' } as never, { views: 2 }),
    ];
    const transactions = createMemoryTransactions({ now: () => 0 });
    const strategy = ledger({ namespace: 'n', consumer: 'c', table: 'Ledger', now: () => 0 });
    const commit = (records: readonly CommitRecord[]) =>
      commitBatch(
        { source: 's', records },
        { transactions, strategy, effect: combineTables(any, page), remainingMs: () => 30_000 },
      );
    const one = { id: 'r', contribution: mergeContributions<Sum>(contributions) };
    await expect(commit([one])).rejects.toMatchObject({
      recordIndex: 0,
      message: expect.stringContaining('two tables of the effect contradict each other on one item'),
    });
    await commit(contributions.map((contribution, index) => ({ id: `r${index}`, contribution })));
    expect(transactions.items('Site')).toEqual([
      { PK: { S: 'PAGE#7' }, views: { N: '3' }, Type: { S: 'page' } },
    ]);
  });

  it('refuses contributions of neither, and measures of the other', () => {
    const [key = ''] = totals.add({ page: 'a' }, {}).keys();
    expect(both.whyRefused('PAGE#a', {})?.reason).toContain('the key is of none of the tables');
    expect(both.bytesOf('PAGE#a')).toBe(0);
    expect(both.whyRefused(key, { seconds: parseDecimal('1') })?.reason).toBe('there is no measure seconds');
  });

  it('refuses one table and key twice, none, and what is no table', () => {
    expect(() => combineTables(views, views)).toThrow('each of another table or key');
    const sameKey = { PK: 'PAGE#{path}', SK: 'TOTAL' } as const;
    const same = aggregateTable({ table: 'PageViews', key: sameKey, measures: ['clicks'] });
    expect(() => combineTables(totals, same)).toThrow('each of another table or key');
    expect(() => combineTables()).toThrow('one or more');
    expect(() => combineTables({} as never)).toThrow('combineTables takes');
  });
});
