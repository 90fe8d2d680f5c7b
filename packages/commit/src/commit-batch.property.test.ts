import { type Contribution, parseDecimal } from '@oncefold/reducer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitBatch } from './commit-batch.ts';
import { incrementEach } from './effect.ts';
import { createMemoryTransactions } from './memory/index.ts';
import { checkpoint } from './strategies/checkpoint.ts';
import { ledger } from './strategies/ledger.ts';
import type { CommitRecord, Strategy } from './strategy.ts';
import type { TransactionOutcome, TransactionPort } from './transaction-port.ts';

const effect = incrementEach({ table: 'Aggregates', key: 'Identifier', attribute: 'Value' });
const surroundings = { now: () => 0, random: () => 0, sleep: async () => {} };

/** What befalls one call of the port. */
type Fate = 'through' | 'lost-reply' | 'conflict' | 'throttled' | 'killed-before' | 'killed-after';
const fates: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Fate>('through') },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Fate>('lost-reply', 'conflict', 'throttled', 'killed-before', 'killed-after'),
  },
);

/** One delivery: which records (a range from somewhere behind to somewhere ahead), by which of two processes. */
interface Delivery {
  readonly back: number;
  readonly length: number;
  readonly process: 0 | 1;
}
const deliveries: fc.Arbitrary<Delivery[]> = fc.array(
  fc.record({
    back: fc.nat({ max: 6 }),
    length: fc.integer({ min: 1, max: 8 }),
    process: fc.constantFrom<0 | 1>(0, 1),
  }),
  { minLength: 1, maxLength: 25 },
);

function fated(store: TransactionPort, next: () => Fate): TransactionPort {
  const answers: Partial<Record<Fate, TransactionOutcome>> = {
    'lost-reply': { code: 'unavailable', cause: new Error('lost') },
    conflict: { code: 'conflict' },
    throttled: { code: 'throttled' },
  };
  return {
    read: store.read,
    transact: async (request) => {
      const fate = next();
      if (fate === 'killed-before') throw new Error('killed');
      const outcome = fate === 'conflict' || fate === 'throttled' ? undefined : await store.transact(request);
      if (fate === 'killed-after') throw new Error('killed');
      return answers[fate] ?? outcome ?? { code: 'conflict' };
    },
  };
}

const makers: [string, () => Strategy][] = [
  [
    'ledger',
    () => ledger({ namespace: 'n', consumer: 'c', table: 'Ledger', retentionSeconds: 60, now: () => 0 }),
  ],
  ['checkpoint', () => checkpoint({ consumer: 'c', table: 'Positions' })],
];

describe.each(makers)('commitBatch with %s', (_, create) => {
  it('sums every record exactly once under any cutting, redelivery, second poller and fault', async () => {
    await fc.assert(
      fc.asyncProperty(
        deliveries,
        fc.array(fates, { maxLength: 200 }),
        fc.array(fc.integer({ min: -999, max: 999 }), { minLength: 40, maxLength: 40 }),
        async (plan, fateList, amounts) => {
          const store = createMemoryTransactions({ now: () => 0 });
          let fateIndex = 0;
          const port = fated(store, () => fateList[fateIndex++] ?? 'through');
          const processes = [create(), create()];
          const records = amounts.map((amount, index) => recordOf(index, amount));
          let delivered = 0;
          for (const { back, length, process } of plan) {
            // A mapping goes on only from what was delivered; it may go back as far as it likes.
            const start = Math.max(0, delivered - back);
            const batch = records.slice(start, start + length);
            const strategy = processes[process] as Strategy;
            try {
              await commitBatch(
                { records: batch, shardId: 's' },
                { transactions: port, strategy, effect, remainingMs: () => 1e6, surroundings },
              );
              delivered = Math.max(delivered, start + batch.length);
            } catch (error) {
              // The process died or gave up: the batch stays undelivered, and comes again in the last pass at the latest.
              if ((error as Error).message !== 'killed') throw error;
              processes[process] = create();
            }
          }
          await commitBatch(
            { records, shardId: 's' },
            { transactions: store, strategy: create(), effect, remainingMs: () => 1e6, surroundings },
          );
          const expected = amounts.reduce((sum, amount) => sum + amount, 0);
          expect(store.get('Aggregates', { Identifier: { S: 'sum' } })?.['Value']).toEqual({
            N: String(expected),
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});

function recordOf(index: number, amount: number): CommitRecord {
  const contribution: Contribution = new Map([['sum', parseDecimal(String(amount))]]);
  return { id: `r${index}`, sequenceNumber: String(index), contribution };
}
