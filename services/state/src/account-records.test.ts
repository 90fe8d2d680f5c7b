import { startAttempts } from '@oncefold/versioned-upsert';
import { describe, expect, it } from 'vitest';
import { createMemoryAccountingStore } from '../test/support/memory-accounting-store.ts';
import { createVirtualClock } from '../test/support/virtual-clock.ts';
import { accountRecords, type CountableRecord } from './account-records.ts';
import type { AccountingStore } from './accounting-store.ts';

const position = (index: number) => String(index).padStart(129, '0');
const run = (...indexes: number[]): CountableRecord[] =>
  indexes.map((index) => ({ position: position(index), outcome: index % 2 === 0 ? 'applied' : 'stale' }));
const shard = (key: string) => ({ key, formerKey: `former#${key}` });
const attempts = () => startAttempts(createVirtualClock(), 10_000);
const nothing = { applied: 0, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 };

describe('accountRecords', () => {
  it('counts each record once, however runs overlap', async () => {
    const store = createMemoryAccountingStore();
    expect(await accountRecords(shard('s'), run(1, 2, 3), store, attempts())).toMatchObject({
      applied: 1,
      stale: 2,
    });
    expect(await accountRecords(shard('s'), run(1, 2, 3), store, attempts())).toEqual(nothing);
    expect(await accountRecords(shard('s'), run(2, 3, 4, 5), store, attempts())).toMatchObject({
      applied: 1,
      stale: 1,
    });
    expect(store.items.get('s')).toEqual({
      position: position(5),
      counts: { ...nothing, applied: 2, stale: 3 },
    });
  });

  it('counts each shard by itself', async () => {
    const store = createMemoryAccountingStore();
    await accountRecords(shard('s'), run(2), store, attempts());
    await accountRecords(shard('t'), run(2), store, attempts());
    expect([...store.items.values()].map(({ counts }) => counts.applied)).toEqual([1, 1]);
  });

  it('sends nothing for an empty run', async () => {
    const store: AccountingStore = { advance: () => Promise.reject(new Error('not to be called')) };
    expect(await accountRecords(shard('s'), [], store, attempts())).toEqual(nothing);
  });

  it('adds nothing when the reply was lost and the entry is sent again', async () => {
    const memory = createMemoryAccountingStore();
    let calls = 0;
    const store: AccountingStore = {
      async advance(entry, signal) {
        const result = await memory.advance(entry, signal);
        return ++calls === 1 ? { code: 'unavailable', reason: 'TimeoutError' } : result;
      },
    };
    await accountRecords(shard('s'), run(1, 2), store, attempts());
    expect(calls).toBe(2);
    expect(memory.items.get('s')?.counts).toEqual({ ...nothing, applied: 1, stale: 1 });
  });

  it('throws when it cannot count in time, so that the batch is delivered again', async () => {
    const store: AccountingStore = {
      advance: async () => ({ code: 'unavailable', reason: 'ThrottlingException' }),
    };
    await expect(accountRecords(shard('s'), run(1), store, attempts())).rejects.toMatchObject({
      code: 'accounting-unavailable',
    });
  });

  it('throws when others move the position again and again', async () => {
    const store: AccountingStore = { advance: async () => ({ code: 'refused', position: position(0) }) };
    await expect(accountRecords(shard('s'), run(1), store, attempts())).rejects.toThrow('again and again');
  });
});
