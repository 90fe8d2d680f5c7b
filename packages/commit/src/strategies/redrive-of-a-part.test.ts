// Goal: a redrive counts what the stage has not counted, and refuses what another program has damaged instead of guessing. Method:
// the stage commits a part of a batch; one item is deleted, or one answer is changed, before the redrive.
import { parseDecimal } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import { commitBatch } from '../commit-batch.ts';
import { incrementEach } from '../effect.ts';
import { createMemoryTransactions } from '../memory/index.ts';
import type { Strategy } from '../strategy.ts';
import type { TransactionPort } from '../transaction-port.ts';
import { checkpoint } from './checkpoint.ts';
import { redrive } from './redrive.ts';

const names = { namespace: 'n', consumer: 'c' };
const expiry = { retentionSeconds: 3_600, now: () => 10_000_000 };
const ledger = { ...names, table: 'Ledger', ...expiry };
const positions = {
  ...names,
  table: 'Positions',
  startsTable: 'Ledger',
  parallelizationFactor: 1,
  ranges: expiry,
};

const store = createMemoryTransactions({ now: () => 0 });
const reader = {
  read: async (keys: readonly { table: string; key: Parameters<typeof store.get>[1] }[]) =>
    keys.map(({ table, key }) => store.get(table, key)),
};

function commit(
  strategy: Strategy,
  shardId: string,
  ids: readonly string[],
  transactions: TransactionPort = store,
) {
  return commitBatch(
    {
      source: 'stream',
      shardId,
      records: ids.map((id) => ({
        id,
        sequenceNumber: id,
        time: 10_000,
        contribution: new Map([[shardId, parseDecimal('1')]]),
      })),
    },
    {
      transactions,
      strategy,
      effect: incrementEach({ table: 'Sums', key: 'Name', attribute: 'Value' }),
      remainingMs: () => 30_000,
    },
  );
}

const countOf = (shardId: string) => store.get('Sums', { Name: { S: shardId } })?.['Value'];

describe('redrive', () => {
  it('counts the rest of a batch that the stage has counted in part, and nothing the second time', async () => {
    await commit(checkpoint(positions), 'partly', ['1', '2']);
    const door = redrive({ ledger, checkpoint: positions, reader });
    const { applied, alreadyApplied } = await commit(door, 'partly', ['1', '2', '3', '4']);
    expect({ applied, alreadyApplied }).toEqual({ applied: ['3', '4'], alreadyApplied: ['1', '2'] });
    await commit(door, 'partly', ['2', '3']);
    expect(countOf('partly')).toEqual({ N: '4' });
  });

  it('counts a batch of a shard that nobody has begun, under checkpoint and under ledger', async () => {
    await commit(redrive({ ledger, checkpoint: positions, reader }), 'new', ['11']);
    expect(countOf('new')).toEqual({ N: '1' });
    await commit(redrive({ ledger, formerPositions: 'Positions', reader }), 'never', ['12']);
    expect(countOf('never')).toEqual({ N: '1' });
  });

  it('refuses a shard that has a position and no start marker', async () => {
    await commit(checkpoint(positions), 'without-marker', ['1']);
    for (const { Marker, Last } of store.items('Ledger')) {
      if (Marker !== undefined && Last === undefined) {
        store.delete('Ledger', { Marker });
      }
    }
    await expect(
      commit(redrive({ ledger, checkpoint: positions, reader }), 'without-marker', ['2']),
    ).rejects.toMatchObject({ code: 'guard-lost', message: expect.stringContaining('start marker') });
  });

  it('refuses a position that does not let itself be raised although it lies before the end of the batch', async () => {
    await commit(checkpoint(positions), 'refusing', ['1']);
    const existing = store.items('Positions').at(-1);
    const refusing: TransactionPort = {
      transact: async ({ actions }) => ({
        code: 'condition-failed',
        failures: actions.map((action) => ({ action, existing })),
      }),
    };
    const door = redrive({ ledger, formerPositions: 'Positions', reader });
    await expect(commit(door, 'refusing', ['2'], refusing)).rejects.toMatchObject({
      code: 'guard-violation',
      message: expect.stringContaining('was changed by another program'),
    });
  });
});
