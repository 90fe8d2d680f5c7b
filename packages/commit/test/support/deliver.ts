import { type Contribution, parseDecimal } from '@oncefold/reducer';
import {
  type Batch,
  type CommitOptions,
  type CommitRecord,
  type CommitReport,
  checkpoint,
  commitBatch,
  type Effect,
  incrementEach,
  ledger,
  none,
  requestTokenStrategy,
  type Strategy,
  type TransactionOutcome,
  type TransactionPort,
} from '../../src/index.ts';
import type { MemoryTransactions } from '../../src/memory/index.ts';

export const names = { namespace: 'n', consumer: 'c' } as const;
const sums: Effect = incrementEach({ table: 'Aggregates', key: 'Identifier', attribute: 'Value' });

/** Adds 10^sequence to each key, so that a wrong sum names the records that are lost or doubled. */
export function record(sequence: number, keys: readonly string[] = ['a']): CommitRecord {
  return {
    id: `r${sequence}`,
    sequenceNumber: String(sequence),
    contribution: contributionOf(keys, 10 ** sequence),
  };
}

/** A record of so many keys, `a` among them. */
export function wideRecord(sequence: number, width: number): CommitRecord {
  return record(sequence, ['a', ...Array.from({ length: width - 1 }, (_, key) => `${sequence}-${key}`)]);
}

export function contributionOf(keys: readonly string[], amount: number): Contribution {
  return new Map(keys.map((key) => [key, parseDecimal(String(amount))]));
}

/** Every strategy that needs nothing but a store. */
export const strategies: Readonly<
  Record<'none' | 'request-token' | 'ledger' | 'checkpoint', () => Strategy>
> = {
  none: () => {
    let name = 0;
    return none({ newName: () => `name-${name++}` });
  },
  'request-token': () => requestTokenStrategy(names),
  ledger: () => ledger({ ...names, table: 'Ledger', retentionSeconds: 3_600, now: () => 0 }),
  checkpoint: () =>
    checkpoint({ ...names, table: 'Positions', startsTable: 'Ledger', parallelizationFactor: 1 }),
};

/** Commits one delivery on a clock that does not move. */
export function deliver(
  transactions: TransactionPort,
  strategy: Strategy,
  records: readonly CommitRecord[],
  more: Partial<CommitOptions & Omit<Batch, 'records'>> = {},
): Promise<CommitReport> {
  const { source = 'stream', shardId = 'shard', ...options } = more;
  return commitBatch(
    { records, source, shardId },
    {
      transactions,
      strategy,
      effect: sums,
      remainingMs: () => 30_000,
      clock: { now: () => 0, random: () => 0, sleep: async () => {} },
      ...options,
    },
  );
}

/** A port whose n-th call (from 0) is let through or not, and then answered as told. */
export function withFaults(
  store: TransactionPort,
  faults: Readonly<Record<number, { readonly answer: TransactionOutcome; readonly written: boolean }>>,
): TransactionPort {
  let call = 0;
  return {
    transact: async (request) => {
      const fault = faults[call++];
      if (fault === undefined) {
        return store.transact(request);
      }
      if (fault.written) {
        await store.transact(request);
      }
      return fault.answer;
    },
  };
}

export const lostAfterCommit: { readonly answer: TransactionOutcome; readonly written: boolean } = {
  answer: { code: 'unavailable', cause: new Error('lost') },
  written: true,
};

export function sumOf(store: MemoryTransactions, key = 'a', table = 'Aggregates'): string | undefined {
  const value = store.get(table, { Identifier: { S: key } })?.['Value'];
  return value !== undefined && 'N' in value ? value.N : undefined;
}
