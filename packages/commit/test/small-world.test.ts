import { describe, expect, it } from 'vitest';
import { type CommitRecord, commitBatch, type Strategy, type TransactionRequest } from '../src/index.ts';
import { createMemoryTransactions } from '../src/memory/index.ts';
import { record, strategies, sumOf, sums } from './support/deliver.ts';

// Goal: no interleaving of two deliveries counts a record twice or loses one. Method: the smallest world in which it can happen,
// enumerated: a shard of 4 records, one or two of them in a transaction; two processes, of which one may have committed a prefix;
// every pair of ranges that a mapping can deliver; every order of their requests; at most one fault, at each of the first four
// requests. Then a third process is given everything once more. Record i adds 10^i, so that a wrong sum names the record.

const RECORDS = 4;
const TRUTH = '1111';

type Fault = 'none' | 'reply-lost' | 'killed-before' | 'killed-after' | 'lands-last';
const FAULTS: readonly Fault[] = ['none', 'reply-lost', 'killed-before', 'killed-after', 'lands-last'];

interface World {
  /** Records in a transaction: 1 or 2. */
  readonly perTransaction: 1 | 2;
  /** Records that one of the processes has committed before. */
  readonly before: number;
  readonly ranges: readonly [readonly [number, number], readonly [number, number]];
  readonly fault: { readonly kind: Fault; readonly atRequest: number };
}

function* worlds(): Generator<World> {
  for (const perTransaction of [1, 2] as const) {
    for (const before of perTransaction === 1 ? [1] : [0, 2]) {
      const ranges = [...rangesFrom(before)];
      for (const first of ranges) {
        for (const second of ranges) {
          for (const kind of FAULTS) {
            for (let atRequest = 0; atRequest < (kind === 'none' ? 1 : 4); atRequest += 1) {
              yield { perTransaction, before, ranges: [first, second], fault: { kind, atRequest } };
            }
          }
        }
      }
    }
  }
}

/** A mapping delivers from any earlier place, but never begins behind a record that it has not delivered. */
function* rangesFrom(delivered: number): Generator<readonly [number, number]> {
  for (let start = 0; start <= delivered; start += 1) {
    for (let end = start + 1; end <= RECORDS; end += 1) {
      yield [start, end];
    }
  }
}

class Killed extends Error {}

/** Resolves when everything that can run without another request has run. */
const idle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs one world with one order of requests, and says which choices it had. */
async function runWorld(
  { perTransaction, before, ranges, fault }: World,
  create: () => Strategy,
  choices: readonly number[],
): Promise<{ readonly sum: string | undefined; readonly arities: readonly number[] }> {
  const store = createMemoryTransactions({ now: () => 0 });
  const records = Array.from({ length: RECORDS }, (_, index) => record(index, ['a', `own-${index}`]));
  const processes = [create(), create()];
  const arities: number[] = [];
  const late: TransactionRequest[] = [];
  let requests = 0;
  /** Requests that are ready to be sent, by delivery. */
  const ready = new Map<number, () => void>();
  const send = async (delivery: number, request: TransactionRequest) => {
    await new Promise<void>((resolve) => ready.set(delivery, resolve));
    const kind = requests++ === fault.atRequest ? fault.kind : 'none';
    if (kind === 'killed-before') {
      throw new Killed();
    }
    if (kind === 'lands-last') {
      late.push(request);
      return { code: 'unavailable', cause: 'late' } as const;
    }
    const outcome = await store.transact(request);
    if (kind === 'killed-after') {
      throw new Killed();
    }
    return kind === 'reply-lost' ? ({ code: 'unavailable', cause: 'lost' } as const) : outcome;
  };
  const commit = (batch: readonly CommitRecord[], strategy: Strategy, transact: typeof store.transact) =>
    commitBatch(
      { records: batch, source: 'stream', shardId: 'shard' },
      {
        transactions: { transact },
        strategy,
        // Each record has the key `a` and one of its own.
        effect: { ...sums, keysMax: perTransaction + 1 },
        remainingMs: () => 1e6,
        clock: { now: () => 0, random: () => 0, sleep: async () => {} },
      },
    );

  if (before > 0) {
    await commit(records.slice(0, before), processes[0] as Strategy, store.transact);
  }
  const deliveries = ranges.map(async ([start, end], delivery) => {
    try {
      await commit(records.slice(start, end), processes[delivery] as Strategy, (request) =>
        send(delivery, request),
      );
    } catch (error) {
      if (!(error instanceof Killed)) {
        throw error;
      }
    }
  });
  for (;;) {
    await idle();
    if (ready.size === 0) {
      break;
    }
    const waiting = [...ready.keys()].sort();
    const choice = choices[arities.length] ?? 0;
    arities.push(waiting.length);
    const next = waiting[choice] as number;
    const go = ready.get(next);
    ready.delete(next);
    go?.();
  }
  await Promise.all(deliveries);
  for (const request of late) {
    await store.transact(request);
  }
  await commit(records, create(), store.transact);
  return { sum: sumOf(store), arities };
}

/** Runs a world with every order of requests, depth first. */
async function countWrong(
  world: World,
  create: () => Strategy,
): Promise<{ histories: number; wrong: string[] }> {
  const wrong: string[] = [];
  let histories = 0;
  let choices: number[] | undefined = [];
  while (choices !== undefined) {
    const { sum, arities } = await runWorld(world, create, choices);
    histories += 1;
    if (sum !== TRUTH) {
      wrong.push(`${JSON.stringify(world)} in order ${choices.join('')}: ${sum}`);
    }
    choices = nextChoices(choices, arities);
  }
  return { histories, wrong };
}

function nextChoices(choices: readonly number[], arities: readonly number[]): number[] | undefined {
  for (let index = arities.length - 1; index >= 0; index -= 1) {
    const choice = choices[index] ?? 0;
    if (choice + 1 < (arities[index] as number)) {
      return [...Array.from({ length: index }, (_, before) => choices[before] ?? 0), choice + 1];
    }
  }
  return undefined;
}

describe.each(['ledger', 'checkpoint'] as const)('commitBatch with %s in the smallest worlds', (code) => {
  it('counts every record once in every interleaving of two deliveries with at most one fault', async () => {
    let histories = 0;
    const wrong: string[] = [];
    for (const world of worlds()) {
      const result = await countWrong(world, strategies[code]);
      histories += result.histories;
      wrong.push(...result.wrong);
    }
    expect(wrong).toEqual([]);
    expect(histories).toBeGreaterThan(10_000);
  });
});
