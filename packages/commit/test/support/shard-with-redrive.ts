import {
  type CommitRecord,
  checkpoint,
  type ItemReader,
  ledger,
  redrive,
  type Strategy,
  type TransactionPort,
  type TransactionRequest,
} from '../../src/index.ts';
import { createMemoryTransactions, type MemoryTransactions } from '../../src/memory/index.ts';
import { deliver, names, wideRecord } from './deliver.ts';

/** What becomes of one request: answered; written but not answered; not answered, and written at any later time; its process dies. */
export type RequestFate = 'answered' | 'lost' | 'late' | 'dies-late';

/** One thing that happens; the numbers are taken modulo what there is. */
export type Step =
  /** The mapping delivers the next records, until it succeeds or has tried so often, and gives them up then. */
  | { readonly type: 'batch'; readonly size: number; readonly attempts: readonly (readonly RequestFate[])[] }
  /** Another poller delivers records from somewhere before the mapping's place on, in a cut of its own. */
  | {
      readonly type: 'redelivery';
      readonly from: number;
      readonly size: number;
      readonly fates: readonly RequestFate[];
    }
  /** A request of a dead or impatient process arrives. */
  | { readonly type: 'late-arrival'; readonly which: number }
  /** A given-up batch, or a part of it, is redriven. */
  | {
      readonly type: 'redrive';
      readonly which: number;
      readonly from: number;
      readonly size: number;
      readonly fates: readonly RequestFate[];
    };

class ProcessDied extends Error {}

const RECORD_COUNT = 12;
const ledgerOptions = { ...names, table: 'Ledger', retentionSeconds: 3_600, now: () => 0 };
const checkpointOptions = {
  ...names,
  table: 'Positions',
  startsTable: 'Ledger',
  parallelizationFactor: 1,
  ranges: { retentionSeconds: 3_600, now: () => 0 },
};

/** The strategy of the stage, and that of its redrive; the stage is under one of the two all the time. */
export function strategiesOf(
  stage: 'checkpoint' | 'ledger',
  reader: ItemReader,
): { own: Strategy; door: Strategy } {
  return stage === 'checkpoint'
    ? {
        own: checkpoint(checkpointOptions),
        door: redrive({ ledger: ledgerOptions, checkpoint: checkpointOptions, reader }),
      }
    : {
        own: ledger(ledgerOptions),
        door: redrive({ ledger: ledgerOptions, formerPositions: 'Positions', reader }),
      };
}

/** The door of a stage that was never under `checkpoint`. */
export function doorOfLedger(reader: ItemReader): Strategy {
  return redrive({ ledger: ledgerOptions, reader });
}

function readerOf(store: MemoryTransactions): ItemReader {
  return { read: async (keys) => keys.map(({ table, key }) => store.get(table, key)) };
}

/** Plays steps on one shard, and then redrives what was given up until it succeeds; returns the store and what was given up. */
export async function playShard(
  stage: 'checkpoint' | 'ledger',
  steps: readonly Step[],
  options: { readonly width: number; readonly strategies?: typeof strategiesOf },
): Promise<{ readonly store: MemoryTransactions; readonly givenUp: number; readonly records: number }> {
  const records = Array.from(
    { length: RECORD_COUNT },
    (_, index): CommitRecord => ({
      ...wideRecord(index + 1, options.width),
      // Far apart and close together, as in a shard.
      sequenceNumber: String(index % 3 === 0 ? 1_000 * (index + 1) : 1_000 * (index + 1) + index),
      time: 0,
    }),
  );
  const store = createMemoryTransactions({ now: () => 0 });
  const { own, door } = (options.strategies ?? strategiesOf)(stage, readerOf(store));
  const late: TransactionRequest[] = [];
  const givenUp: (readonly CommitRecord[])[] = [];
  let cursor = 0;

  const attempt = async (
    strategy: Strategy,
    batch: readonly CommitRecord[],
    fates: readonly RequestFate[],
  ): Promise<boolean> => {
    try {
      await deliver(portWithFates(store, fates, late), strategy, batch);
      return true;
    } catch (error) {
      if (error instanceof ProcessDied) {
        return false;
      }
      throw error;
    }
  };
  const arrive = async (which: number): Promise<void> => {
    const [request] = late.splice(which % Math.max(1, late.length), 1);
    if (request !== undefined) {
      await store.transact(request);
    }
  };

  for (const step of steps) {
    switch (step.type) {
      case 'batch': {
        const batch = records.slice(cursor, cursor + step.size);
        if (batch.length === 0) {
          break;
        }
        let done = false;
        for (const fates of step.attempts) {
          done ||= await attempt(own, batch, fates);
        }
        if (!done) {
          givenUp.push(batch);
        }
        cursor += batch.length;
        break;
      }
      case 'redelivery': {
        const from = step.from % (cursor + 1);
        const batch = records.slice(from, from + step.size);
        if (batch.length > 0) {
          await attempt(own, batch, step.fates);
        }
        break;
      }
      case 'late-arrival':
        await arrive(step.which);
        break;
      case 'redrive': {
        const batch = givenUp[step.which % Math.max(1, givenUp.length)] ?? [];
        const from = step.from % Math.max(1, batch.length);
        const part = batch.slice(from, from + step.size);
        if (part.length > 0) {
          await attempt(door, part, step.fates);
        }
      }
    }
  }
  while (cursor < records.length) {
    const batch = records.slice(cursor, cursor + 4);
    await attempt(own, batch, []);
    cursor += batch.length;
  }
  for (const batch of givenUp) {
    await attempt(door, batch, []);
  }
  while (late.length > 0) {
    await arrive(0);
  }
  // Once more, now that everything has arrived.
  for (const batch of givenUp) {
    await attempt(door, batch, []);
  }
  return { store, givenUp: givenUp.length, records: records.length };
}

function portWithFates(
  store: MemoryTransactions,
  fates: readonly RequestFate[],
  late: TransactionRequest[],
): TransactionPort {
  let call = 0;
  return {
    transact: async (request) => {
      const fate = fates[call++] ?? 'answered';
      switch (fate) {
        case 'answered':
          return store.transact(request);
        case 'lost':
          await store.transact(request);
          return { code: 'unavailable', cause: new Error('lost') };
        case 'late':
          late.push(request);
          return { code: 'unavailable', cause: new Error('late') };
        case 'dies-late':
          late.push(request);
          throw new ProcessDied();
      }
    },
  };
}
