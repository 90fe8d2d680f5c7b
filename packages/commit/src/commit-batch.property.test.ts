import { type Decimal, parseDecimal } from '@oncefold/reducer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitBatch } from './commit-batch.ts';
import { type Effect, incrementEach, rowOfSums } from './effect.ts';
import { CommitUndecidedError } from './errors.ts';
import { createMemoryTransactions, type MemoryTransactions } from './memory/index.ts';
import { checkpoint } from './strategies/checkpoint.ts';
import { ledger } from './strategies/ledger.ts';
import type { CommitRecord, Strategy } from './strategy.ts';
import type { TransactionOutcome, TransactionPort, TransactionRequest } from './transaction-port.ts';

// Goal: whatever is delivered how often, in which cut, by which processes, with which faults, every record counts once in each of
// its keys. Method: record number i adds 10^i to each of its 1 to 60 keys, so that a wrong sum names the records that are lost or
// doubled; batches need one to several transactions; processes stay warm; two deliveries may run at once, interleaved request by
// request; a request may be lost, answered by nothing, or land after others that were sent later.

const RECORDS = 12;
const clock = { now: () => 0, random: () => 0, sleep: async () => {} };

/** What happens to one request. */
type Fate =
  | 'through'
  | 'reply-lost'
  | 'lands-late'
  | 'conflict'
  | 'throttled'
  | 'killed-before'
  | 'killed-after';
const fates: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Fate>('through') },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Fate>(
      'reply-lost',
      'lands-late',
      'conflict',
      'throttled',
      'killed-before',
      'killed-after',
    ),
  },
);

/** One delivery: which records (from somewhere behind the checkpoint of the mapping), to which warm process. */
interface Delivery {
  readonly back: number;
  readonly length: number;
  readonly process: number;
}
const delivery: fc.Arbitrary<Delivery> = fc.record({
  back: fc.nat({ max: 6 }),
  length: fc.integer({ min: 1, max: 8 }),
  process: fc.nat({ max: 2 }),
});

const histories = fc.record({
  /** Each step is one delivery, or two at once. */
  steps: fc.array(fc.array(delivery, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 14 }),
  widths: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: RECORDS, maxLength: RECORDS }),
  fates: fc.array(fates, { maxLength: 120 }),
  /** How many turns a request waits, so that two deliveries interleave. */
  turns: fc.array(fc.nat({ max: 3 }), { maxLength: 60 }),
});

const makers: [string, () => Strategy][] = ['stream', undefined].flatMap((formerSource) => [
  [
    `ledger, former source ${formerSource}`,
    () =>
      ledger({
        namespace: 'n',
        consumer: 'c',
        table: 'Ledger',
        retentionSeconds: 60,
        now: () => 0,
        formerSource,
      }),
  ],
  [
    `checkpoint, former source ${formerSource}`,
    () =>
      checkpoint({
        namespace: 'n',
        consumer: 'c',
        table: 'Positions',
        startsTable: 'Ledger',
        parallelizationFactor: 1,
        formerSource,
      }),
  ],
]);

const effects: [string, Effect, (store: MemoryTransactions) => ReadonlyMap<string, bigint>][] = [
  [
    'sums',
    incrementEach({ table: 'Aggregates', key: 'Identifier', attribute: 'Value' }),
    (store) =>
      new Map(
        store.items('Aggregates').map((item) => [text(item['Identifier']), BigInt(text(item['Value']))]),
      ),
  ],
  [
    'rows of sums',
    rowOfSums({ table: 'Rows', key: 'MessageId', attribute: 'Message' }),
    (store) => {
      const sums = new Map<string, bigint>();
      for (const row of store.items('Rows')) {
        for (const [key, sum] of Object.entries<string>(JSON.parse(text(row['Message'])))) {
          sums.set(key, (sums.get(key) ?? 0n) + BigInt(sum));
        }
      }
      return sums;
    },
  ],
];

describe.each(makers)('commitBatch with %s', (_, create) => {
  it.each(effects)('counts every record once in all its %s', async (_name, effect, sumsIn) => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const store = createMemoryTransactions({ now: () => 0 });
        const network = createNetwork(store, history);
        const records = history.widths.map(recordOf);
        const processes = Array.from({ length: 3 }, create);
        let delivered = 0;
        const deliver = async ({ back, length, process }: Delivery): Promise<void> => {
          const start = Math.max(0, delivered - back);
          const batch = records.slice(start, start + length);
          try {
            await commitBatch(
              { records: batch, source: 'stream', shardId: 'shard' },
              {
                transactions: network,
                strategy: processes[process] as Strategy,
                effect,
                remainingMs: () => 1e6,
                clock,
              },
            );
            delivered = Math.max(delivered, start + batch.length);
          } catch (error) {
            // The batch stays undelivered, and is delivered again in the last pass at the latest.
            if (error instanceof Killed) {
              processes[process] = create();
            } else if (!(error instanceof CommitUndecidedError)) {
              throw error;
            }
          }
        };
        for (const step of history.steps) {
          await Promise.all(step.map(deliver));
        }
        await network.land();
        await commitBatch(
          { records, source: 'stream', shardId: 'shard' },
          { transactions: store, strategy: create(), effect, remainingMs: () => 1e6, clock },
        );
        expect(sumsIn(store)).toEqual(truthOf(records));
      }),
      { numRuns: 200 },
    );
  });
});

class Killed extends Error {}

/** Puts fates between commit and store; a request that lands late does so after the next few that are sent. */
function createNetwork(
  store: TransactionPort,
  history: { readonly fates: readonly Fate[]; readonly turns: readonly number[] },
): TransactionPort & { land(): Promise<void> } {
  let calls = 0;
  let late: TransactionRequest[] = [];
  const land = async (): Promise<void> => {
    const landing = late;
    late = [];
    for (const request of landing) {
      await store.transact(request);
    }
  };
  const answers: Partial<Record<Fate, TransactionOutcome>> = {
    'reply-lost': { code: 'unavailable', cause: new Error('lost') },
    'lands-late': { code: 'unavailable', cause: new Error('late') },
    conflict: { code: 'conflict' },
    throttled: { code: 'throttled' },
  };
  return {
    land,
    transact: async (request) => {
      const call = calls++;
      for (let turn = history.turns[call] ?? 0; turn > 0; turn -= 1) {
        await Promise.resolve();
      }
      const fate = history.fates[call] ?? 'through';
      if (fate === 'killed-before') {
        throw new Killed();
      }
      if (fate === 'lands-late') {
        late.push(request);
      }
      const reaches = fate === 'through' || fate === 'reply-lost' || fate === 'killed-after';
      const outcome = reaches ? await store.transact(request) : undefined;
      if (call % 3 === 2) {
        await land();
      }
      if (fate === 'killed-after') {
        throw new Killed();
      }
      return answers[fate] ?? (outcome as TransactionOutcome);
    },
  };
}

/** Neighbours share keys, so that hot and cold keys are both drawn. */
function recordOf(width: number, index: number): CommitRecord {
  const power = parseDecimal(`1${'0'.repeat(index)}`);
  const keys = Array.from({ length: width }, (_, key) => `k${key < 3 ? key : (index % 4) * 100 + key}`);
  const contribution = new Map<string, Decimal>(keys.map((key) => [key, power]));
  return { id: `r${index}`, sequenceNumber: String(index), contribution };
}

function truthOf(records: readonly CommitRecord[]): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const [index, { contribution }] of records.entries()) {
    for (const key of contribution.keys()) {
      sums.set(key, (sums.get(key) ?? 0n) + 10n ** BigInt(index));
    }
  }
  return sums;
}

function text(value: object | undefined): string {
  return String(Object.values(value ?? {})[0]);
}
