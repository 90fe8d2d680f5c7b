import { describe, expect, it } from 'vitest';
import { ledger, type Strategy } from '../src/index.ts';
import { createMemoryTransactions, type MemoryTransactions } from '../src/memory/index.ts';
import { deliver, names, record, strategies, sumOf } from './support/deliver.ts';

const options = { ...names, table: 'Ledger', retentionSeconds: 3_600, now: () => 0 };
const newStore = (): MemoryTransactions => createMemoryTransactions({ now: () => 0 });

describe('ledger', () => {
  it('commits 1,000 records of one key in 11 transactions, where checkpoint needs one', async () => {
    const records = Array.from({ length: 1_000 }, (_, index) => ({
      ...record(0),
      id: `r${index}`,
      sequenceNumber: `${index + 1}`,
    }));
    expect(await deliver(newStore(), ledger(options), records)).toMatchObject({ commits: 11 });
    expect(await deliver(newStore(), strategies.checkpoint(), records)).toMatchObject({ commits: 1 });
  });

  it('gives every marker the whole identity of its record, and the retention as its expiry', async () => {
    const store = newStore();
    await deliver(store, strategies.ledger(), [record(1)]);
    expect(store.items('Ledger')).toEqual([{ Marker: { S: 'v2#n#c#stream#r1' }, ExpiresAt: { N: '3600' } }]);
  });

  it.each([
    ['namespaces', { namespace: 'production' }, {}],
    ['consumers', { consumer: 'comparison' }, {}],
    ['streams', {}, { source: 'other-stream' }],
  ])('keeps equal ids of two %s apart', async (_, changed, place) => {
    const store = newStore();
    await deliver(store, ledger(options), [record(0)]);
    await deliver(store, ledger({ ...options, ...changed }), [{ ...record(1), id: 'r0' }], place);
    expect(sumOf(store)).toBe('11');
  });

  it.each([
    ['of 5,000 bytes', 'é'.repeat(2_500)],
    ['with a lone surrogate', 'order-\ud800'],
    ['with separators', 'a#b%c:d'],
  ])('knows a record by an id %s', async (_, id) => {
    const store = newStore();
    for (let delivery = 0; delivery < 2; delivery += 1) {
      await deliver(store, strategies.ledger(), [{ ...record(0), id }, record(1)]);
    }
    expect(sumOf(store)).toBe('11');
  });

  it('refuses a record that is older than its retention, whose marker may have expired', async () => {
    const store = newStore();
    const at = (nowSeconds: number): Strategy => ledger({ ...options, now: () => nowSeconds * 1_000 });
    const old = { ...record(0), time: 1_000 };
    await deliver(store, at(1_000), [old]);
    store.delete('Ledger', { Marker: { S: 'v2#n#c#stream#r0' } });
    await expect(deliver(store, at(4_600), [record(1), old])).rejects.toMatchObject({ code: 'guard-lost' });
    await expect(deliver(store, at(4_600), [record(1), old])).rejects.toThrow(/record 1 is older/);
    expect(sumOf(store)).toBe('1');
    await deliver(store, at(4_599), [{ ...record(2), time: 1_000 }]);
    expect(sumOf(store)).toBe('101');
  });

  it('keeps a marker for the retention from its record on, even where the clock is behind', async () => {
    const store = newStore();
    await deliver(store, ledger(options), [{ ...record(0), time: 1_000 }]);
    expect(store.items('Ledger')[0]?.['ExpiresAt']).toEqual({ N: '4600' });
  });

  it('refuses an option that nobody reads, and a clock that is none', () => {
    expect(() => ledger({ ...options, formerSouce: 'stream' } as never)).toThrow(/no option formerSouce/);
    expect(() => ledger({ ...options, now: 0 } as never)).toThrow(/now must be a function/);
  });

  it('refuses a strategy that was not called', async () => {
    await expect(deliver(newStore(), ledger as never, [record(0)])).rejects.toThrow(
      /what a strategy returns/,
    );
  });

  it('refuses a retention of nothing', () => {
    expect(() => ledger({ ...options, retentionSeconds: 0 })).toThrow(/retentionSeconds/);
  });
});

describe('ledger, over the markers of release 0.1.0', () => {
  it('takes a record with a former marker as applied, where it is told that there may be some', async () => {
    const store = newStore();
    await store.transact({
      actions: [{ type: 'put', table: 'Ledger', key: { Marker: { S: 'c#r0' } }, attributes: {} }],
      timeoutMs: 1,
    });
    const report = await deliver(store, ledger({ ...options, formerSource: 'stream' }), [
      record(0),
      record(1),
    ]);
    expect(report).toMatchObject({ applied: ['r1'], alreadyApplied: ['r0'] });
    expect(sumOf(store)).toBe('10');
    // And leaves one for a record of its own, so that 0.1.0 does not commit it again.
    expect(store.get('Ledger', { Marker: { S: 'c#r1' } })).toMatchObject({ ExpiresAt: { N: '3600' } });
  });

  it('takes no record of another stream for applied', async () => {
    const store = newStore();
    await store.transact({
      actions: [{ type: 'put', table: 'Ledger', key: { Marker: { S: 'c#r0' } }, attributes: {} }],
      timeoutMs: 1,
    });
    await deliver(store, ledger({ ...options, formerSource: 'stream' }), [record(0)], { source: 'other' });
    expect(sumOf(store)).toBe('1');
  });
});
