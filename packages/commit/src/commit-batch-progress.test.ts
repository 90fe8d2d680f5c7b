import { one } from '@oncefold/reducer';
import { expect, it } from 'vitest';
import { commitBatch } from './commit-batch.ts';
import { incrementEach } from './effect.ts';
import { createMemoryTransactions } from './memory/index.ts';
import { ledger } from './strategies/ledger.ts';

it('commitBatch tells after every step which records are not known to be applied, so that a failed commit tells what was', async () => {
  const store = createMemoryTransactions({ now: () => 0 });
  const contribution = (name: string) =>
    new Map(Array.from({ length: 60 }, (_, key) => [`${name}${key}`, one]));
  const told: string[][] = [];
  const commit = commitBatch(
    { source: 's', records: ['a', 'a', 'b', 'c'].map((id) => ({ id, contribution: contribution(id) })) },
    {
      transactions: {
        transact: async (request) => {
          if (request.actions.some(({ key }) => JSON.stringify(key).includes('"c'))) {
            throw new Error('gone');
          }
          return store.transact(request);
        },
      },
      strategy: ledger({ namespace: 'n', consumer: 'c', table: 'L', retentionSeconds: 60, now: () => 0 }),
      effect: incrementEach({ table: 'T', key: 'K', attribute: 'A' }),
      remainingMs: () => 30_000,
      onProgress: (pending) => told.push(pending.map(({ id }) => id)),
    },
  );
  await expect(commit).rejects.toThrow('gone');
  expect(told).toEqual([['b', 'c'], ['c']]);
});
