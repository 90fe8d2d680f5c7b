import { type Contribution, parseDecimal } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import { commitBatch } from './commit-batch.ts';
import { incrementEach, rowOfSums } from './effect.ts';
import { createMemoryTransactions, type MemoryTransactions } from './memory/index.ts';
import type { Clock } from './retry.ts';
import { checkpoint } from './strategies/checkpoint.ts';
import { ledger } from './strategies/ledger.ts';
import { none } from './strategies/none.ts';
import { requestTokenStrategy } from './strategies/request-token.ts';
import type { CommitRecord, Strategy } from './strategy.ts';
import type { TransactionOutcome, TransactionPort } from './transaction-port.ts';

const effect = incrementEach({ table: 'Aggregates', key: 'Identifier', attribute: 'Value' });
const add = (entries: Record<string, string>): Contribution =>
  new Map(Object.entries(entries).map(([key, value]) => [key, parseDecimal(value)]));
const record = (sequence: number, entries: Record<string, string>): CommitRecord => ({
  id: `record-${sequence}`,
  sequenceNumber: String(sequence),
  time: 1_700_000_000 + sequence,
  contribution: add(entries),
});
const one = (sequence: number): CommitRecord => record(sequence, { a: '1' });

/** A clock that moves only when something sleeps. */
function stillClock(): Clock & { slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    random: () => 0.5,
    sleep: async (milliseconds) => {
      slept.push(milliseconds);
      now += milliseconds;
    },
  };
}

function strategies(): Record<'request-token' | 'ledger' | 'checkpoint', () => Strategy> {
  const names = { namespace: 'test', consumer: 'reduce' };
  return {
    'request-token': () => requestTokenStrategy(names),
    ledger: () => ledger({ ...names, table: 'Ledger', retentionSeconds: 3600, now: () => 0 }),
    checkpoint: () =>
      checkpoint({ ...names, table: 'Positions', startsTable: 'Ledger', parallelizationFactor: 1 }),
  };
}

const sumOf = (store: MemoryTransactions, key: string): string | undefined => {
  const value = store.get('Aggregates', { Identifier: { S: key } })?.['Value'];
  return value !== undefined && 'N' in value ? value.N : undefined;
};

/** Answers the first calls as told, after letting them through or not, then hands on to the store. */
function faulty(
  store: TransactionPort,
  faults: { answer: TransactionOutcome; written: boolean }[],
): TransactionPort & { calls: number } {
  const port = {
    calls: 0,
    transact: async (request: Parameters<TransactionPort['transact']>[0]) => {
      port.calls += 1;
      const fault = faults.shift();
      if (fault === undefined) {
        return store.transact(request);
      }
      if (fault.written) {
        await store.transact(request);
      }
      return fault.answer;
    },
  };
  return port;
}

const run = (
  transactions: TransactionPort,
  strategy: Strategy,
  records: readonly CommitRecord[],
  options: { remainingMs?: () => number; clock?: Clock } = {},
) =>
  commitBatch(
    { records, source: 'stream', shardId: 'shard-1' },
    {
      transactions,
      strategy,
      effect,
      remainingMs: () => 30_000,
      clock: stillClock(),
      ...options,
    },
  );

describe.each(Object.entries(strategies()))('commitBatch with %s', (code, create) => {
  it('commits a batch in one transaction', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const report = await run(store, create(), [record(1, { a: '0.1', b: '5' }), record(2, { a: '0.2' })]);
    expect(sumOf(store, 'a')).toBe('0.3');
    expect(sumOf(store, 'b')).toBe('5');
    expect(report).toMatchObject({ applied: ['record-1', 'record-2'], alreadyApplied: [], commits: 1 });
  });

  it('adds nothing when the same batch is redelivered, to the same or to another process', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const strategy = create();
    await run(store, strategy, [one(1), one(2)]);
    const report = await run(store, strategy, [one(1), one(2)]);
    await run(store, create(), [one(1), one(2)]);
    expect(sumOf(store, 'a')).toBe('2');
    expect(report).toMatchObject({ applied: [], alreadyApplied: ['record-1', 'record-2'] });
  });

  it('counts once when the answer is lost after the commit', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const port = faulty(store, [
      { answer: { code: 'unavailable', cause: new Error('reset') }, written: true },
    ]);
    const strategy = create();
    // The first record starts the shard, where the strategy has a shard.
    await run(store, strategy, [one(0)]);
    const report = await run(port, strategy, [one(1), one(2)]);
    expect(sumOf(store, 'a')).toBe('3');
    expect(report).toMatchObject({
      applied: [],
      alreadyApplied: [],
      appliedUnconfirmed: ['record-1', 'record-2'],
      unknowns: 1,
    });
  });

  it('sends the same commit again after a conflict, a throttle, a server error and "in progress"', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const port = faulty(store, [
      { answer: { code: 'conflict' }, written: false },
      { answer: { code: 'throttled' }, written: false },
      { answer: { code: 'unavailable', cause: new Error('500') }, written: false },
      { answer: { code: 'in-progress' }, written: false },
    ]);
    const report = await run(port, create(), [one(1)]);
    expect(sumOf(store, 'a')).toBe('1');
    expect(report).toMatchObject({
      applied: ['record-1'],
      conflicts: 1,
      throttles: 1,
      unknowns: 2,
      commits: 1,
    });
  });

  it('gives up after its attempts, says what the last answer was, and the batch counts once when it is redelivered', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const strategy = create();
    const lost = { answer: { code: 'unavailable', cause: new Error('reset') }, written: true } as const;
    const port = faulty(store, Array(14).fill(lost));
    await expect(run(port, strategy, [one(1)])).rejects.toMatchObject({
      code: 'commit-undecided',
      retryable: true,
      attempts: 14,
      lastOutcome: 'unavailable',
    });
    expect(port.calls).toBe(14);
    await run(store, strategy, [one(1)]);
    expect(sumOf(store, 'a')).toBe('1');
  });

  it('begins no attempt that the deadline would cut off', async () => {
    const port = faulty(
      createMemoryTransactions({ now: () => 0 }),
      Array(99).fill({ answer: { code: 'conflict' }, written: false }),
    );
    const clock = stillClock();
    await expect(run(port, create(), [one(1)], { remainingMs: () => 1_200, clock })).rejects.toMatchObject({
      code: 'commit-undecided',
      lastOutcome: 'conflict',
    });
    expect(clock.now()).toBeLessThanOrEqual(200);
  });

  it('gives each attempt whole milliseconds, within what is left, on a clock with fractions too', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const timeouts: number[] = [];
    const port: TransactionPort = {
      transact: (request) => {
        timeouts.push(request.timeoutMs);
        return store.transact(request);
      },
    };
    const clock = { ...stillClock(), now: () => 1234.567 };
    await run(port, create(), [one(1)], { remainingMs: () => 3_000.25, clock });
    expect(timeouts.every((timeout) => Number.isInteger(timeout) && timeout > 0 && timeout <= 2_000)).toBe(
      true,
    );
  });

  it('cuts a batch of 250 keys into prefixes of records and never across the keys of one record', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const sizes: number[] = [];
    const port: TransactionPort = {
      transact: (request) => {
        sizes.push(request.actions.length);
        return store.transact(request);
      },
    };
    const records = Array.from({ length: 50 }, (_, index) =>
      record(index, Object.fromEntries(Array.from({ length: 5 }, (_, key) => [`${index}-${key}`, '1']))),
    );
    const report = await run(port, create(), records);
    expect(store.items('Aggregates')).toHaveLength(250);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
    expect(report.commits).toBe(code === 'ledger' ? 4 : 3);
    await run(store, create(), records);
    expect(
      store.items('Aggregates').every((item) => 'N' in (item['Value'] ?? {}) && sumOf(store, '0-0') === '1'),
    ).toBe(true);
  });

  it('commits again only what a failure in the middle of several transactions left out', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const strategy = create();
    const records = Array.from({ length: 4 }, (_, index) =>
      record(index, Object.fromEntries(Array.from({ length: 60 }, (_, key) => [`${index}-${key}`, '1']))),
    );
    let calls = 0;
    const dying: TransactionPort = {
      transact: async (request) => {
        calls += 1;
        if (calls > 2) {
          throw new Error('killed');
        }
        return store.transact(request);
      },
    };
    await expect(run(dying, strategy, records)).rejects.toThrow('killed');
    await run(store, strategy, records);
    const sums = store.items('Aggregates').map((item) => item['Value']);
    expect(sums).toHaveLength(240);
    expect(sums).toEqual(Array(240).fill({ N: '1' }));
  });

  it('refuses a record that cannot fit alone, and writes nothing of it', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const wide = record(1, Object.fromEntries(Array.from({ length: 101 }, (_, key) => [`k${key}`, '1'])));
    await expect(run(store, create(), [wide])).rejects.toMatchObject({
      code: 'record-too-large',
      actual: 101,
    });
    expect(store.items('Aggregates')).toEqual([]);
  });

  it('does nothing for an empty batch', async () => {
    const report = await run(createMemoryTransactions({ now: () => 0 }), create(), []);
    expect(report.requests).toBe(0);
  });

  it('writes a row that names what made it once, with the writes of its records', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const rows = rowOfSums({
      table: 'Rows',
      key: 'MessageId',
      attribute: 'Message',
      expiry: { attribute: 'ExpiresAt', afterSeconds: 60 },
    });
    const quarantine = {
      type: 'put',
      table: 'Quarantine',
      key: { Source: { S: 's' } },
      attributes: {},
    } as const;
    const strategy = create();
    const records = [one(1), { ...one(2), contribution: add({}), writes: [quarantine] }];
    for (let delivery = 0; delivery < 2; delivery += 1) {
      await commitBatch(
        { records, source: 'stream', shardId: 'shard-1' },
        { transactions: store, strategy, effect: rows, remainingMs: () => 5_000 },
      );
    }
    expect(store.items('Rows')).toHaveLength(1);
    expect(store.items('Rows')[0]).toMatchObject({
      Message: { S: '{"a":"1"}' },
      ExpiresAt: { N: '1700000062' },
    });
    expect(store.items('Quarantine')).toHaveLength(1);
  });
});

describe.each(Object.entries(strategies()).filter(([code]) => code !== 'request-token'))(
  'commitBatch with %s, where a batch is regrouped',
  (_, create) => {
    it('counts each record once when the batch is redelivered split, and merged with newer records', async () => {
      const store = createMemoryTransactions({ now: () => 0 });
      const strategy = create();
      await run(store, strategy, [one(1), one(2), one(3)]);
      await run(store, strategy, [one(1)]);
      await run(store, strategy, [one(2), one(3), one(4)]);
      await run(store, create(), [one(3), one(4), one(5)]);
      expect(sumOf(store, 'a')).toBe('5');
    });

    it('counts each record once when a zombie writes after its retry', async () => {
      const store = createMemoryTransactions({ now: () => 0 });
      const zombie = create();
      await run(store, zombie, [one(1)]);
      await run(store, create(), [one(2), one(3)]);
      const report = await run(store, zombie, [one(2)]);
      expect(report).toMatchObject({ applied: [], alreadyApplied: ['record-2'] });
      expect(sumOf(store, 'a')).toBe('3');
    });

    it('counts each record once when the arithmetic changes between two tries', async () => {
      const store = createMemoryTransactions({ now: () => 0 });
      await run(store, create(), [record(1, { a: '1' })]);
      await run(store, create(), [record(1, { a: '2', b: '1' }), record(2, { a: '2' })]);
      expect(sumOf(store, 'a')).toBe('3');
      expect(sumOf(store, 'b')).toBeUndefined();
    });
  },
);

describe('commitBatch with none', () => {
  it('counts every delivery, so that the faults can be seen to be real', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    let name = 0;
    const strategy = none({ newName: () => String(name++) });
    await run(store, strategy, [one(1), one(2)]);
    await run(store, strategy, [one(1), one(2)]);
    expect(sumOf(store, 'a')).toBe('4');
  });

  it('counts twice when the answer is lost after the commit', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const port = faulty(store, [
      { answer: { code: 'unavailable', cause: new Error('reset') }, written: true },
    ]);
    await run(port, none({ newName: () => 'new' }), [one(1)]);
    expect(sumOf(store, 'a')).toBe('2');
  });
});

describe('commitBatch with request-token', () => {
  it('takes a token that was used for other sums as committed, and reports it', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const create = strategies()['request-token'];
    await run(store, create(), [record(1, { a: '1' })]);
    const report = await run(store, create(), [record(1, { a: '2' })]);
    expect(report).toMatchObject({ applied: [], alreadyApplied: ['record-1'], tokenMismatches: 1 });
    expect(sumOf(store, 'a')).toBe('1');
  });

  it('counts twice once the window of its token has passed: the hole that the others close', async () => {
    let now = 0;
    const store = createMemoryTransactions({ now: () => now });
    const strategy = strategies()['request-token']();
    await run(store, strategy, [one(1)]);
    now = 10 * 60_000;
    await run(store, strategy, [one(1)]);
    expect(sumOf(store, 'a')).toBe('2');
  });

  it('counts again what is redelivered in another grouping: the other hole', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const strategy = strategies()['request-token']();
    await run(store, strategy, [one(1), one(2)]);
    await run(store, strategy, [one(1)]);
    expect(sumOf(store, 'a')).toBe('3');
  });

  it('sends records in another order as the same request', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const strategy = strategies()['request-token']();
    await run(store, strategy, [record(1, { a: '1', b: '1' }), record(2, { c: '1' })]);
    const report = await run(store, strategy, [record(2, { c: '1' }), record(1, { b: '1', a: '1' })]);
    expect(report).toMatchObject({ replays: 1, tokenMismatches: 0 });
    expect(sumOf(store, 'a')).toBe('1');
  });
});

describe('commitBatch with checkpoint', () => {
  const create = strategies().checkpoint;

  it('refuses a batch without a shard id, naming where it comes from', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const promise = commitBatch(
      { records: [one(1)], source: 'stream' },
      { transactions: store, strategy: create(), effect, remainingMs: () => 5_000 },
    );
    await expect(promise).rejects.toMatchObject({ code: 'strategy-unusable' });
    await expect(promise).rejects.toThrow(/tumbling window/);
  });

  it('refuses records that are out of order', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    await expect(run(store, create(), [one(2), one(1)])).rejects.toMatchObject({ code: 'strategy-unusable' });
  });

  it('compares positions as numbers, not as text', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const strategy = create();
    await run(store, strategy, [one(9)]);
    await run(store, strategy, [one(10)]);
    await run(store, strategy, [one(9)]);
    expect(sumOf(store, 'a')).toBe('2');
  });

  it('sends one request per batch once the shard is started, from any process, and reads nothing', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    // The position is absent, the shard is started, the batch is committed.
    expect((await run(store, create(), [one(1)])).requests).toBe(3);
    const report = await run(store, create(), [one(2)]);
    expect(report).toMatchObject({ applied: ['record-2'], requests: 1 });
    expect(sumOf(store, 'a')).toBe('2');
  });

  it('treats a record behind the position as applied, even one that is redriven', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const strategy = create();
    await run(store, strategy, [one(5)]);
    const redriven = await run(store, strategy, [one(3)]);
    expect(redriven).toMatchObject({ applied: [], alreadyApplied: ['record-3'] });
    expect(sumOf(store, 'a')).toBe('1');
  });
});

describe('commitBatch with ledger', () => {
  it('counts a record that is in one batch twice once', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const report = await run(store, strategies().ledger(), [one(1), one(1)]);
    expect(sumOf(store, 'a')).toBe('1');
    expect(report).toMatchObject({ applied: ['record-1'], alreadyApplied: ['record-1'] });
  });

  it('counts a record once that is redriven late, whatever was committed before it', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const strategy = strategies().ledger();
    await run(store, strategy, [one(5)]);
    await run(store, strategy, [one(3)]);
    await run(store, strategy, [one(3), one(5)]);
    expect(sumOf(store, 'a')).toBe('2');
  });
});
