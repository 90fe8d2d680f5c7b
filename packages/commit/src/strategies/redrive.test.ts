import { describe, expect, it } from 'vitest';
import { commitBatch } from '../commit-batch.ts';
import { incrementEach } from '../effect.ts';
import { createMemoryTransactions } from '../memory/index.ts';
import type { Strategy } from '../strategy.ts';
import { checkpoint } from './checkpoint.ts';
import { type RedriveOptions, redrive } from './redrive.ts';

const names = { namespace: 'n', consumer: 'c' };
const ledger = { ...names, table: 'Ledger', retentionSeconds: 3_600, now: () => 10_000_000 };
const positions = {
  ...names,
  table: 'Positions',
  startsTable: 'Ledger',
  parallelizationFactor: 1,
  ranges: { retentionSeconds: 3_600, now: () => 10_000_000 },
};

function inMemory() {
  const store = createMemoryTransactions({ now: () => 0 });
  const reader: RedriveOptions['reader'] = {
    read: async (keys) => keys.map(({ table, key }) => store.get(table, key)),
  };
  const commit = (strategy: Strategy, records: readonly { id: string; time?: number }[]) =>
    commitBatch(
      {
        source: 'stream',
        shardId: 'shard',
        records: records.map(({ id, time }) => ({ id, sequenceNumber: id, time, contribution: new Map() })),
      },
      {
        transactions: store,
        strategy,
        effect: incrementEach({ table: 'Sums', key: 'Name', attribute: 'Value' }),
        remainingMs: () => 30_000,
      },
    );
  return { store, reader, commit };
}

describe('redrive', () => {
  it('refuses a ledger in another table than the ranges, and an option that it does not know', () => {
    const { reader } = inMemory();
    expect(() => redrive({ ledger: { ...ledger, table: 'Other' }, checkpoint: positions, reader })).toThrow(
      'startsTable',
    );
    expect(() => redrive({ ledger, reader, positions } as never)).toThrow('positions');
    expect(() => redrive({ ledger } as never)).toThrow('reader');
  });

  it('refuses records without a time, and records that are older than the retention', async () => {
    const { reader, commit, store } = inMemory();
    const door = redrive({ ledger, checkpoint: positions, reader });
    await expect(commit(door, [{ id: '1', time: 10_000 }, { id: '2' }])).rejects.toThrow(
      'record 1 has no time',
    );
    await expect(commit(door, [{ id: '1', time: 10_000 - 3_600 }])).rejects.toMatchObject({
      code: 'guard-lost',
    });
    expect(store.items('Positions')).toEqual([]);
  });

  it('refuses a shard whose commits left no ranges', async () => {
    const { reader, commit } = inMemory();
    const { ranges: _, ...without } = positions;
    await commit(checkpoint(without), [{ id: '1', time: 10_000 }]);
    const door = redrive({ ledger, checkpoint: positions, reader });
    await expect(commit(door, [{ id: '2', time: 10_000 }])).rejects.toThrow('without range markers');
  });

  it('refuses a position that was deleted, as the stage does', async () => {
    const { reader, commit, store } = inMemory();
    await commit(checkpoint(positions), [{ id: '1', time: 10_000 }]);
    for (const { Position } of store.items('Positions')) {
      store.delete('Positions', Position === undefined ? {} : { Position });
    }
    const door = redrive({ ledger, checkpoint: positions, reader });
    await expect(commit(door, [{ id: '2', time: 10_000 }])).rejects.toMatchObject({ code: 'guard-lost' });
  });

  it('refuses a range marker that this release does not write', async () => {
    const { reader, commit, store } = inMemory();
    await commit(checkpoint(positions), [{ id: '1', time: 10_000 }]);
    const read: RedriveOptions['reader']['read'] = async (keys) =>
      (await reader.read(keys)).map((item) =>
        item !== undefined && 'Last' in item ? { ...item, Last: { S: 'x' } } : item,
      );
    const door = redrive({ ledger, checkpoint: positions, reader: { read } });
    await expect(commit(door, [{ id: '1', time: 10_000 }])).rejects.toMatchObject({
      code: 'guard-violation',
    });
    expect(store.items('Ledger').filter((item) => 'Last' in item)).toHaveLength(1);
  });
});

describe('checkpoint with ranges', () => {
  it('leaves one marker per commit, which expires after the retention', async () => {
    const { commit, store } = inMemory();
    const strategy = checkpoint(positions);
    expect([1, 5_000].map((count) => strategy.guardSize(count))).toEqual([2, 2]);
    await commit(strategy, [{ id: '1', time: 20_000.2 }, { id: '2' }]);
    await commit(strategy, [{ id: '3', time: 1 }]);
    const ranges = store.items('Ledger').filter((item) => 'Last' in item);
    expect(ranges.map(({ ExpiresAt }) => ExpiresAt)).toEqual([{ N: String(20_001 + 3_600) }, { N: '13600' }]);
  });

  it.each([
    { retentionSeconds: 0, now: Date.now },
    { retentionSeconds: 1.5, now: Date.now },
    { retentionSeconds: 60, now: 1 },
  ])('refuses ranges that cannot be kept: %j', (ranges) => {
    expect(() => checkpoint({ ...positions, ranges: ranges as never })).toThrow('ranges: ');
  });
});
