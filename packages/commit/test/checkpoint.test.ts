import { describe, expect, it } from 'vitest';
import { checkpoint, formatPosition, rowOfSums, type Strategy } from '../src/index.ts';
import { createMemoryTransactions, type MemoryTransactions } from '../src/memory/index.ts';
import {
  deliver,
  lostAfterCommit,
  names,
  record,
  strategies,
  sumOf,
  wideRecord,
  withFaults,
} from './support/deliver.ts';

const create = strategies.checkpoint;
const options = { ...names, table: 'Positions', startsTable: 'Ledger', parallelizationFactor: 1 };
const positionKey = { Position: { S: 'v2#n#c#stream#shard' } };
const newStore = (): MemoryTransactions => createMemoryTransactions({ now: () => 0 });
const range = (from: number, to: number, width = 1) =>
  Array.from({ length: to - from + 1 }, (_, index) => wideRecord(from + index, width));

describe('checkpoint, in batches that need several transactions', () => {
  it('counts each record once when a process meets a position that another one has moved far ahead', async () => {
    const store = newStore();
    const [a, b] = [create(), create()];
    await deliver(store, a, range(1, 1, 30));
    await deliver(withFaults(store, { 0: lostAfterCommit }), b, range(2, 7, 30));
    const report = await deliver(store, a, range(2, 7, 30));
    expect(report).toMatchObject({ applied: [], requests: 1 });
    expect(sumOf(store)).toBe('11111110');
  });

  it('counts each record once in rows of sums, in another grouping', async () => {
    const store = newStore();
    const effect = rowOfSums({ table: 'Rows', key: 'MessageId', attribute: 'Message' });
    const [a, b] = [create(), create()];
    await deliver(store, a, range(1, 2, 40), { effect });
    await deliver(store, b, range(1, 9, 40), { effect });
    await deliver(store, a, range(2, 6, 40), { effect });
    await deliver(store, b, range(6, 9, 40), { effect });
    const total = store
      .items('Rows')
      .map((row) => BigInt(JSON.parse((row['Message'] as { S: string }).S).a))
      .reduce((sum, value) => sum + value, 0n);
    expect(total).toBe(1_111_111_110n);
  });

  it('lets a position never fall, whatever lands late', async () => {
    const store = newStore();
    await deliver(store, create(), range(1, 9));
    const late = await store.transact({
      actions: [
        {
          type: 'raise',
          table: 'Positions',
          key: positionKey,
          attribute: 'SequenceNumber',
          below: formatPosition('2'),
          to: formatPosition('4'),
        },
      ],
      timeoutMs: 1,
    });
    expect(late.code).toBe('condition-failed');
    expect(store.get('Positions', positionKey)?.['SequenceNumber']).toEqual({ S: formatPosition('9') });
  });
});

describe('checkpoint, shard by shard', () => {
  it('keeps the positions of two streams with equal shard ids apart', async () => {
    const store = newStore();
    await deliver(store, create(), [record(1)], { source: 'stream-a' });
    await deliver(store, create(), [record(0)], { source: 'stream-b' });
    expect(sumOf(store)).toBe('11');
  });

  it('keeps the positions of two namespaces in one table apart', async () => {
    const store = newStore();
    await deliver(store, create(), [record(1)]);
    await deliver(store, checkpoint({ ...options, namespace: 'other' }), [record(0)]);
    expect(sumOf(store)).toBe('11');
  });

  it('ends a group inside an aggregated Kinesis record, and goes on there', async () => {
    const store = newStore();
    const parts = Array.from({ length: 4 }, (_, part) => ({
      ...wideRecord(part, 40),
      sequenceNumber: '7',
      subSequenceNumber: part,
    }));
    let calls = 0;
    const dying = {
      transact: async (request: Parameters<MemoryTransactions['transact']>[0]) => {
        calls += 1;
        if (calls > 3) {
          throw new Error('killed');
        }
        return store.transact(request);
      },
    };
    await expect(deliver(dying, create(), parts)).rejects.toThrow('killed');
    expect(sumOf(store)).toBe('11');
    await deliver(store, create(), [...parts, record(8)]);
    expect(sumOf(store)).toBe('100001111');
  });
});

describe('checkpoint, when its guard is gone', () => {
  const lose = async (strategy: Strategy, store: MemoryTransactions): Promise<void> => {
    await deliver(store, strategy, range(0, 1));
    store.delete('Positions', positionKey);
  };

  it('refuses every delivery after a position was deleted, instead of counting everything again', async () => {
    const store = newStore();
    const strategy = create();
    await lose(strategy, store);
    for (const process of [strategy, strategy, create()]) {
      await expect(deliver(store, process, range(0, 3))).rejects.toMatchObject({ code: 'guard-lost' });
    }
    expect(sumOf(store)).toBe('11');
  });

  it('goes on exactly when the position is put back', async () => {
    const store = newStore();
    await lose(create(), store);
    await store.transact({
      actions: [
        {
          type: 'put',
          table: 'Positions',
          key: positionKey,
          attributes: { SequenceNumber: { S: formatPosition('1') } },
        },
      ],
      timeoutMs: 1,
    });
    await deliver(store, create(), range(0, 3));
    expect(sumOf(store)).toBe('1111');
  });

  it('starts a shard once when two processes start it at the same time, and when the answer is lost', async () => {
    const store = newStore();
    await Promise.all([deliver(store, create(), range(0, 2)), deliver(store, create(), range(0, 2))]);
    const other = newStore();
    await deliver(withFaults(other, { 1: lostAfterCommit }), create(), range(0, 2));
    expect([sumOf(store), sumOf(other)]).toEqual(['111', '111']);
  });

  it('refuses a position that this release did not write', async () => {
    const store = newStore();
    await deliver(store, create(), range(0, 1));
    await store.transact({
      actions: [
        { type: 'put', table: 'Positions', key: positionKey, attributes: { SequenceNumber: { S: '~' } } },
      ],
      timeoutMs: 1,
    });
    await expect(deliver(store, create(), range(0, 3))).rejects.toMatchObject({ code: 'guard-violation' });
  });
});

describe('checkpoint, over the positions of release 0.1.0', () => {
  const formerKey = { Position: { S: 'c#shard' } };
  const withFormer = async (sequenceNumber: string): Promise<MemoryTransactions> => {
    const store = newStore();
    await store.transact({
      actions: [
        {
          type: 'put',
          table: 'Positions',
          key: formerKey,
          attributes: { SequenceNumber: { S: sequenceNumber } },
        },
      ],
      timeoutMs: 1,
    });
    return store;
  };
  const upgraded = (): Strategy => checkpoint({ ...options, formerSource: 'stream' });

  it('goes on where the former position is, which is text of no fixed width', async () => {
    const store = await withFormer('9');
    await deliver(store, upgraded(), range(8, 11));
    expect(sumOf(store)).toBe(String(10 ** 10 + 10 ** 11));
  });

  it('leaves text in the former position that release 0.1.0 refuses', async () => {
    const store = await withFormer('9');
    await deliver(store, upgraded(), range(10, 10));
    expect(store.get('Positions', formerKey)?.['SequenceNumber']).toEqual({
      S: 'taken over by v2#n#c#stream#shard',
    });
  });

  it('takes nothing over for a shard of another stream with the same id', async () => {
    const store = await withFormer('9');
    await deliver(store, upgraded(), range(0, 2), { source: 'other-stream' });
    await deliver(store, upgraded(), range(8, 10));
    expect(sumOf(store)).toBe(String(111 + 10 ** 10));
  });

  it('stops release 0.1.0 on a shard that it has not begun, too', async () => {
    const store = newStore();
    await deliver(store, upgraded(), range(0, 2));
    // What 0.1.0 sends for the first batch of a shard, late.
    const late = await store.transact({
      actions: [
        {
          type: 'put-if-absent',
          table: 'Positions',
          key: formerKey,
          attributes: { SequenceNumber: { S: '2' } },
        },
      ],
      timeoutMs: 1,
    });
    expect(late.code).toBe('condition-failed');
  });

  it('does not take the former position over while nothing new arrives, and sees it move', async () => {
    const store = await withFormer('1');
    await deliver(store, upgraded(), range(0, 1));
    expect(store.get('Positions', formerKey)?.['SequenceNumber']).toEqual({ S: '1' });
    await store.transact({
      actions: [
        {
          type: 'compare-and-set',
          table: 'Positions',
          key: formerKey,
          attribute: 'SequenceNumber',
          previous: '1',
          next: '2',
        },
      ],
      timeoutMs: 1,
    });
    await deliver(store, upgraded(), range(0, 3));
    expect(sumOf(store)).toBe('1000');
  });

  it('refuses to start a shard that was taken over and whose position is gone', async () => {
    const store = await withFormer('9');
    await deliver(store, upgraded(), range(10, 10));
    store.delete('Positions', positionKey);
    store.delete('Ledger', { Marker: { S: 'v2#n#c#stream#shard#start' } });
    await expect(deliver(store, upgraded(), range(10, 11))).rejects.toMatchObject({ code: 'guard-lost' });
  });
});

describe('checkpoint, options', () => {
  it.each([2, 10, 0, undefined])('refuses a parallelization factor of %s', (parallelizationFactor) => {
    expect(() => checkpoint({ ...options, parallelizationFactor } as never)).toThrow(
      /parallelizationFactor: 1/,
    );
  });

  it('refuses an option that nobody reads, and a name that is missing or no text', () => {
    expect(() => checkpoint({ ...options, formerSouce: 'stream' } as never)).toThrow(/no option formerSouce/);
    expect(() => checkpoint({ ...options, consumer: undefined } as never)).toThrow(/consumer is missing/);
    expect(() => checkpoint({ ...options, namespace: 7 } as never)).toThrow(/namespace must be/);
  });

  it.each([undefined, 'Positions'])('refuses the table of starts %s', (startsTable) => {
    expect(() => checkpoint({ ...options, startsTable } as never)).toThrow(/startsTable/);
  });
});
