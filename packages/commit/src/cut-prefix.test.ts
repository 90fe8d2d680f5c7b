import { parseDecimal } from '@oncefold/reducer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutPrefix, type Limits, WRITE_BYTES_MAX, whyNotAlone } from './cut-prefix.ts';
import type { Effect } from './effect.ts';
import type { CommitRecord, Strategy } from './strategy.ts';
import type { Action } from './transaction-port.ts';

const one = parseDecimal('1');

function record(keys: readonly string[], writes?: readonly Action[]): CommitRecord {
  return { id: 'r', contribution: new Map(keys.map((key) => [key, one])), ...(writes && { writes }) };
}

/** A put of so many bytes: 2 of its key, the others of its value. */
function put(id: string, bytes: number): Action {
  return {
    type: 'put',
    table: 'T',
    key: { k: { S: id } },
    attributes: { b: { B: new Uint8Array(bytes - 3) } },
  };
}

interface Sizes {
  readonly keysMax?: number;
  /** Actions of the effect for one key. */
  readonly perKey?: number;
  /** Actions of the guard for one record. */
  readonly perRecord?: number;
  readonly bytesOf?: (key: string) => number;
}

function limits(
  records: readonly CommitRecord[],
  { keysMax = 99, perKey = 1, perRecord = 1, bytesOf = () => 1 }: Sizes = {},
): Limits {
  const effect: Effect = {
    keysMax,
    actionCount: (keys) => keys * perKey,
    bytesOf,
    whyRefused: () => undefined,
    actions: () => [],
  };
  const strategy: Strategy = {
    code: 'none',
    identifiesBy: 'id',
    guardSize: (count) => count * perRecord,
    open: () => ({ guard: () => ({ name: '', actions: [] }) }),
  };
  return { effect, strategy, indexOf: (searched) => records.indexOf(searched) + 40 };
}
const cut = (records: readonly CommitRecord[], sizes?: Sizes) => cutPrefix(records, limits(records, sizes));
const lengthOf = (records: readonly CommitRecord[], sizes?: Sizes): number =>
  cut(records, sizes).records.length;
const keysFrom = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, key) => `k${from + key}`);

describe('cutPrefix', () => {
  it('takes all records, in their order, with their writes, when they fit', () => {
    const records = [record(['a'], [put('x', 10)]), record(['a', 'b']), record([], [put('y', 10)])];
    const prefix = cut(records);
    expect(prefix.records).toEqual(records);
    expect([...prefix.writes.values()]).toEqual([put('x', 10), put('y', 10)]);
  });

  it('takes the longest prefix that fits, and no record of the rest', () => {
    const drawn = fc.record({
      widths: fc.array(fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 60 }), fc.nat({ max: 5 })), {
        minLength: 1,
        maxLength: 30,
      }),
      keysMax: fc.integer({ min: 40, max: 99 }),
      perRecord: fc.nat({ max: 4 }),
      keyBytes: fc.integer({ min: 1, max: 8_000 }),
    });
    fc.assert(
      fc.property(drawn, ({ widths, keysMax, perRecord, keyBytes }) => {
        const records = widths.map(([width, from, writes], index) =>
          record(
            keysFrom(from, width),
            Array.from({ length: writes }, (_, write) => put(`${index}-${write}`, 20)),
          ),
        );
        const fits = (length: number): boolean => {
          const taken = records.slice(0, length);
          const keys = new Set(taken.flatMap(({ contribution }) => [...contribution.keys()])).size;
          const writes = taken.reduce((sum, { writes: own = [] }) => sum + own.length, 0);
          return keys <= keysMax && keys + writes + length * perRecord <= 100 && keys * keyBytes <= 350_000;
        };
        fc.pre(fits(1));
        const length = lengthOf(records, { keysMax, perRecord, bytesOf: () => keyBytes });
        expect(fits(length)).toBe(true);
        expect(length === records.length || !fits(length + 1)).toBe(true);
      }),
    );
  });

  it('counts a key of several records once, in number and in bytes', () => {
    const records = Array.from({ length: 50 }, () => record(['a', 'b']));
    expect(lengthOf(records, { keysMax: 2, bytesOf: () => 175_000 })).toBe(50);
  });

  it.each<[string, number, CommitRecord[], Sizes]>([
    ['keys', 2, [record(['a']), record(['b']), record(['c'])], { keysMax: 2 }],
    [
      'actions of the effect',
      2,
      [record(keysFrom(0, 30)), record(keysFrom(30, 20)), record(['x'])],
      { perKey: 2, perRecord: 0 },
    ],
    ['actions of the guard', 4, Array.from({ length: 9 }, () => record([])), { perRecord: 25 }],
    [
      'actions of the writes',
      2,
      [0, 1, 2].map((of) =>
        record(
          [],
          Array.from({ length: 49 }, (_, n) => put(`${of}-${n}`, 9)),
        ),
      ),
      {},
    ],
    ['bytes of the effect', 2, [record(['a']), record(['b']), record(['c'])], { bytesOf: () => 175_000 }],
    ['bytes of the writes', 2, ['x', 'y', 'z'].map((id) => record([], [put(id, WRITE_BYTES_MAX / 2)])), {}],
  ])('fills a transaction to its limit of %s, and not beyond', (_, length, records, sizes) => {
    expect(lengthOf(records, sizes)).toBe(length);
  });

  it('takes the writes of the records before into account when one without writes follows', () => {
    const records = [record([], [put('x', WRITE_BYTES_MAX)]), record(['a']), record(['b'], [put('y', 9)])];
    const prefix = cut(records);
    expect(prefix.records).toEqual(records.slice(0, 2));
    expect([...prefix.writes.values()]).toHaveLength(1);
  });

  it('takes 5,000 records at most', () => {
    const records = Array.from({ length: 5_001 }, () => record([]));
    expect(lengthOf(records, { perRecord: 0 })).toBe(5_000);
    expect(lengthOf(records.slice(1), { perRecord: 0 })).toBe(5_000);
  });

  it('ends before a record whose write contradicts one of an earlier record', () => {
    const records = [
      record(['a'], [put('x', 10)]),
      record(['b']),
      record(['c'], [put('x', 11)]),
      record(['d']),
    ];
    const prefix = cut(records);
    expect(prefix.records).toEqual(records.slice(0, 2));
    expect([...prefix.writes.values()]).toEqual([put('x', 10)]);
  });

  it('refuses a first record whose own writes contradict each other, and names its place in the batch', () => {
    const writes = [put('x', 10), put('x', 11)];
    const refused = { code: 'write-refused', recordIndex: 40, action: writes[1] };
    expect(() => cut([record([], writes), record([])])).toThrow(
      expect.objectContaining({
        ...refused,
        message: 'two writes of one record are on one item and contradict each other',
      }),
    );
  });

  it.each<[string, CommitRecord, Sizes, { message: string; actual: number; limit: number }]>([
    [
      'too many keys for the effect',
      record(keysFrom(0, 11)),
      { keysMax: 10 },
      {
        message: 'one record has more aggregate keys than a transaction can hold beside its guard',
        actual: 11,
        limit: 10,
      },
    ],
    [
      'too many keys beside its guard',
      record(keysFrom(0, 98)),
      { perRecord: 3 },
      {
        message: 'one record has more aggregate keys than a transaction can hold beside its guard',
        actual: 98,
        limit: 97,
      },
    ],
    [
      'too many keys and writes together',
      record(keysFrom(0, 97), [put('x', 9), put('y', 9)]),
      { perRecord: 3 },
      {
        message: 'one record has more aggregate keys and writes than a transaction can hold beside its guard',
        actual: 102,
        limit: 100,
      },
    ],
    [
      'as many keys as the effect takes, and too many writes',
      record(
        keysFrom(0, 10),
        Array.from({ length: 90 }, (_, write) => put(`${write}`, 9)),
      ),
      { keysMax: 10 },
      {
        message: 'one record has more aggregate keys and writes than a transaction can hold beside its guard',
        actual: 101,
        limit: 100,
      },
    ],
    [
      'keys of too many bytes',
      record(['a', 'b']),
      { bytesOf: (key) => (key === 'a' ? 1 : 350_000) },
      { message: 'the aggregate keys of one record have too many bytes', actual: 350_001, limit: 350_000 },
    ],
    [
      'writes of too many bytes',
      record([], [put('x', 9), put('y', WRITE_BYTES_MAX - 8)]),
      {},
      {
        message: 'the writes of one record are too large for a transaction; preparatoryWrites may be larger',
        actual: WRITE_BYTES_MAX + 1,
        limit: WRITE_BYTES_MAX,
      },
    ],
    [
      'too many keys, with bytes up to every limit',
      record(['a', 'b'], [put('x', WRITE_BYTES_MAX)]),
      { keysMax: 1, bytesOf: () => 175_000 },
      {
        message: 'one record has more aggregate keys than a transaction can hold beside its guard',
        actual: 2,
        limit: 1,
      },
    ],
  ])('refuses a first record with %s, and says how many are too many', (_, wide, sizes, expected) => {
    expect(() => cut([wide, record([])], sizes)).toThrow(
      expect.objectContaining({ code: 'record-too-large', ...expected }),
    );
    expect(lengthOf([record([]), wide], sizes)).toBe(1);
  });
});

describe('whyNotAlone', () => {
  it('says whether one transaction takes the record, and hides no fault of the effect', () => {
    const why = (refused: CommitRecord, sizes?: Sizes) =>
      whyNotAlone(refused, limits([refused], sizes))?.code;
    expect(why(record(['k']))).toBeUndefined();
    expect(why(record(['k', 'l']), { keysMax: 1 })).toBe('record-too-large');
    expect(why(record(['k'], [put('a', 10), put('a', 11)]))).toBe('contradicting-writes');
    const bytesOf = () => {
      throw new TypeError('no bytes');
    };
    expect(() => why(record(['k']), { bytesOf })).toThrow('no bytes');
  });
});
