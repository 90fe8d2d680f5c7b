import { parseSum } from '@oncefold/reducer';
import { createTradeHierarchy } from '@oncefold/trades';
import { describe, expect, it } from 'vitest';
import { accessStore, type Fault, type StoreAccess } from '../../test/support/store-access.ts';
import { beginRecount } from './control.ts';
import { writeRepair } from './repair.ts';

const tables = {
  state: 'StateTable',
  reduce: 'ReduceTable',
  aggregate: 'AggregateTable',
  ledger: 'LedgerTable',
  recount: 'RecountTable',
};

async function repairAs(access: StoreAccess, owner: string, number: number) {
  const pipeline = {
    tables,
    namespace: 'test',
    reduceConsumer: 'reduce',
    reduceSource: 'arn:reduce',
    retentionSeconds: 1_000,
    unrecordedHierarchy: createTradeHierarchy(['RiskType']),
  };
  const difference = parseSum('3');
  const differences = [{ key: 'PV', expected: 0n as never, actual: difference, difference }];
  return writeRepair(access, pipeline, { recount: { number }, owner, differences });
}

describe('writeRepair', () => {
  it.each<Fault>(['reply-lost', 'request-lost', 'cut-off'])(
    'writes a row once when there is a %s',
    async (fault) => {
      const access = accessStore({ faults: [undefined, undefined, undefined, fault] });
      const { number } = await beginRecount(access, { table: tables.recount, owner: 'a', path: undefined });
      const { ids } = await repairAs(access, 'a', number);
      expect(ids).toEqual([`recount#${number}#1`]);
      expect(access.store.snapshot('ReduceTable')).toMatchObject([
        { MessageId: { S: ids[0] }, Message: { S: '{"PV":"-3"}' } },
      ]);
    },
  );

  it('writes nothing for a recount that another run has ended: that one makes up for the difference', async () => {
    const access = accessStore();
    const { number } = await beginRecount(access, { table: tables.recount, owner: 'a', path: undefined });
    await beginRecount(access, { table: tables.recount, owner: 'b', path: undefined });
    await expect(repairAs(access, 'a', number)).rejects.toMatchObject({ code: 'recount-superseded' });
    expect(access.store.snapshot('ReduceTable')).toEqual([]);
  });
});
