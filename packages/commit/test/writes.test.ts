import { parseSum } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import type { Action, CommitRecord, Put } from '../src/index.ts';
import { createMemoryTransactions, type MemoryTransactions } from '../src/memory/index.ts';
import { contributionOf, deliver, record, strategies, sumOf } from './support/deliver.ts';

const newStore = (): MemoryTransactions => createMemoryTransactions({ now: () => 0 });
const counter = (by: string, id = 'counter'): Action => ({
  type: 'update',
  table: 'Counters',
  key: { Identifier: { S: id } },
  add: { Value: by },
});
const item = (type: 'put' | 'put-if-absent', text: string): Action => ({
  type,
  table: 'Items',
  key: { Id: { S: 'x' } },
  attributes: { Text: { S: text } },
});
const writing = (sequence: number, ...writes: unknown[]): CommitRecord => ({
  ...record(sequence),
  writes: writes as Action[],
});

describe.each(Object.entries(strategies))('commitBatch with %s and writes of the records', (code, create) => {
  it('adds increments of one number up: none is merged away', async () => {
    const store = newStore();
    await deliver(
      store,
      create(),
      [0, 1, 2, 3, 4].map((sequence) => writing(sequence, counter('1'))),
    );
    expect(sumOf(store, 'counter', 'Counters')).toBe('5');
  });

  it('adds an increment of the very number that the effect increments', async () => {
    const store = newStore();
    await deliver(store, create(), [
      writing(0, { ...counter('5', 'a'), table: 'Aggregates' }),
      writing(1, { ...counter('-0.5', 'a'), table: 'Aggregates' }),
    ]);
    expect(sumOf(store)).toBe('15.5');
  });

  it('makes equal writes once', async () => {
    const store = newStore();
    await deliver(store, create(), [writing(0, item('put', 'same')), writing(1, item('put', 'same'))]);
    expect(store.items('Items')).toHaveLength(1);
  });

  it('makes writes of two records that contradict each other one after the other, as in two batches', async () => {
    const store = newStore();
    const report = await deliver(store, create(), [
      writing(0, item('put', 'old')),
      writing(1, item('put', 'new')),
    ]);
    expect(store.items('Items')).toMatchObject([{ Text: { S: 'new' } }]);
    expect(report).toMatchObject({ applied: ['r0', 'r1'], commits: 2 });
  });

  it('commits a write and a sum on one item one after the other, as in two batches', async () => {
    const store = newStore();
    const total: Action = {
      type: 'put',
      table: 'Aggregates',
      key: { Identifier: { S: 'b' } },
      attributes: { Value: { N: '5' } },
    };
    await deliver(store, create(), [writing(0, total), record(1), record(2, ['b']), record(3)]);
    expect(sumOf(store, 'b')).toBe('105');
    expect(sumOf(store)).toBe('1011');
  });

  it('refuses a write that contradicts the sum of its own record', async () => {
    const own: Action = {
      type: 'put',
      table: 'Aggregates',
      key: { Identifier: { S: 'a' } },
      attributes: {},
    };
    await expect(deliver(newStore(), create(), [record(0), writing(1, own)])).rejects.toMatchObject({
      code: 'write-refused',
      recordIndex: 1,
    });
  });

  it('commits sums that only fit one after the other', async () => {
    const store = newStore();
    const large = (sequence: number, sum: string): CommitRecord => ({
      ...record(sequence),
      contribution: new Map([['a', parseSum(sum)]]),
    });
    const most = `9${'0'.repeat(25)}`;
    await deliver(store, create(), [large(0, most), large(1, `-${most}`), large(2, most), large(3, '1')]);
    expect(sumOf(store)).toBe(`9${'0'.repeat(24)}1`);
  });

  it('says which write failed when the condition of a write of a record does not hold', async () => {
    const store = newStore();
    const batch = [writing(0, item('put-if-absent', 'first')), writing(1, item('put-if-absent', 'second'))];
    await expect(deliver(store, create(), batch)).rejects.toMatchObject({
      code: 'write-refused',
      recordIndex: 1,
      message: 'the condition of a record failed: put-if-absent on Items',
    });
    expect(store.items('Items')).toMatchObject([{ Text: { S: 'first' } }]);
    expect(sumOf(store)).toBe('1');
  });

  it('meets the condition of each of two equal writes, in whatever transactions they are', async () => {
    const store = newStore();
    const batch = [writing(0, item('put-if-absent', 'same')), writing(1, item('put-if-absent', 'same'))];
    await expect(deliver(store, create(), batch)).rejects.toMatchObject({
      code: 'write-refused',
      recordIndex: 1,
    });
    expect(sumOf(store)).toBe('1');
  });

  it('refuses two writes of one record that contradict each other', async () => {
    const store = newStore();
    const batch = [record(0), writing(1, item('put', 'old'), item('put', 'new'))];
    await expect(deliver(store, create(), batch)).rejects.toMatchObject({
      code: 'write-refused',
      recordIndex: 1,
    });
  });

  it.each([
    ['an unknown type', { ...counter('1'), type: 'delete' }],
    ['no type', { table: 'Items' }],
    ['nothing in its place', null],
    ['no key', { ...counter('1'), key: undefined }],
    ['a number for text', { ...counter('1'), add: { Value: 1 } }],
    ['attributes that are plain values', { ...item('put', ''), attributes: { Text: 'plain' } }],
  ])('refuses a write with %s before anything is sent', async (_, write) => {
    const store = newStore();
    await expect(deliver(store, create(), [record(0), writing(1, write)])).rejects.toMatchObject({
      code: 'write-refused',
      recordIndex: 1,
    });
    expect(sumOf(store)).toBeUndefined();
  });

  it('writes preparatory puts of any size before the record, and the record once', async () => {
    const store = newStore();
    const parts = Array.from(
      { length: 30 },
      (_, part): Put => ({
        type: 'put',
        table: 'Parts',
        key: { Part: { S: `${part}` } },
        attributes: { Payload: { B: new Uint8Array(350_000) } },
      }),
    );
    const large: CommitRecord = { ...record(1), preparatoryWrites: parts };
    await deliver(store, create(), [record(0), large, record(2)]);
    expect(store.items('Parts')).toHaveLength(30);
    expect(sumOf(store)).toBe('111');
    // The same part twice is one; another content for it is written after it.
    const twice = [parts[0], parts[0], { ...parts[0], attributes: { Payload: { B: new Uint8Array(1) } } }];
    await deliver(store, create(), [{ ...record(3), preparatoryWrites: twice as Put[] }]);
    expect(store.get('Parts', { Part: { S: '0' } })?.['Payload']).toEqual({ B: new Uint8Array(1) });
    const conditional = [{ ...parts[0], type: 'put-if-absent' }];
    await expect(
      deliver(store, create(), [{ ...record(4), preparatoryWrites: conditional as never }]),
    ).rejects.toMatchObject({ code: 'write-refused' });
  });

  it('is done with a batch that adds nothing', async () => {
    const store = newStore();
    const nothing = { ...record(0), contribution: contributionOf([], 0) };
    const report = await deliver(store, create(), [nothing]);
    expect(report.applied).toEqual(['r0']);
    if (code === 'none' || code === 'request-token') {
      expect(report.requests).toBe(0);
    }
    await deliver(store, create(), [{ ...nothing, id: 'r1', sequenceNumber: '1' }, record(2)]);
    expect(sumOf(store)).toBe('100');
  });
});

describe('commitBatch with guards and writes on one item', () => {
  it.each(['ledger', 'checkpoint'] as const)(
    'refuses a write or a preparation on the item of %s',
    async (code) => {
      const key: Action['key'] =
        code === 'ledger'
          ? { Marker: { S: 'v2#n#c#stream#r0' } }
          : { Position: { S: 'v2#n#c#stream#shard' } };
      const table = code === 'ledger' ? 'Ledger' : 'Positions';
      const put: Put = { type: 'put', table, key, attributes: {} };
      for (const own of [{ writes: [put] }, { preparatoryWrites: [put] }]) {
        await expect(deliver(newStore(), strategies[code](), [{ ...record(0), ...own }])).rejects.toThrow(
          /is on the item of a guard/,
        );
      }
    },
  );
});

describe.each(Object.entries(strategies))('commitBatch with %s and records with one id', (code, create) => {
  it('refuses a batch in which they add different amounts, and names both', async () => {
    const batch = [record(0), record(1), { ...record(2), id: 'r0' }];
    await expect(deliver(newStore(), create(), batch)).rejects.toMatchObject({
      code: 'ambiguous-records',
      indexes: [0, 2],
    });
  });

  it('refuses a batch in which they write different items', async () => {
    const batch = [writing(0, counter('1')), { ...writing(0, counter('2')), sequenceNumber: '1' }];
    await expect(deliver(newStore(), create(), batch)).rejects.toMatchObject({ indexes: [0, 1] });
  });

  it('takes them for one record if they say the same, where the guard knows ids', async () => {
    const store = newStore();
    const batch = [record(0), { ...record(0), sequenceNumber: '1' }];
    if (code === 'checkpoint') {
      await expect(deliver(store, create(), batch)).rejects.toThrow(/different places/);
    } else {
      expect(await deliver(store, create(), batch)).toMatchObject({
        applied: ['r0'],
        alreadyApplied: ['r0'],
      });
      expect(sumOf(store)).toBe('1');
    }
  });
});

describe.each(Object.entries(strategies))('commitBatch with %s', (_, create) => {
  it('refuses a batch that does not name its stream', async () => {
    await expect(deliver(newStore(), create(), [record(0)], { source: '' })).rejects.toThrow(/source/);
  });
});
