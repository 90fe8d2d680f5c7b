import { parseSum, zero } from '@oncefold/reducer';
import { createTradeHierarchy } from '@oncefold/trades';
import { describe, expect, it } from 'vitest';
import { accessStore, type Fault, putItems, type StoreAccess } from '../../test/support/store-access.ts';
import { beginRecount, endRecount, readControl } from './control.ts';
import { writeRepair } from './repair.ts';

const tables = {
  state: 'StateTable',
  reduce: 'ReduceTable',
  aggregate: 'AggregateTable',
  ledger: 'LedgerTable',
  recount: 'RecountTable',
};

async function repairAs(
  access: StoreAccess,
  owner: string,
  { number = 0, keys = ['PV'], except = undefined as readonly string[] | undefined, strays = 0 },
) {
  const pipeline = {
    tables,
    namespace: 'test',
    reduceConsumer: 'reduce',
    reduceSource: 'arn:reduce',
    retentionSeconds: 1_000,
    unrecordedHierarchy: createTradeHierarchy(['RiskType']),
  };
  const difference = parseSum('3');
  const differences = keys.map((key) => ({ key, expected: zero, actual: difference, difference }));
  return writeRepair(access, pipeline, {
    repair: { number, from: 1, to: 2, except },
    owner,
    differences,
    strays,
  });
}

describe('writeRepair', () => {
  it.each<Fault>(['reply-lost', 'request-lost', 'cut-off'])(
    'writes a row once when there is a %s',
    async (fault) => {
      const access = accessStore({ faults: [undefined, undefined, undefined, fault] });
      const { number } = await beginRecount(access, { table: tables.recount, owner: 'a', path: undefined });
      const ids = (await repairAs(access, 'a', { number })) ?? [];
      expect(ids).toEqual([`recount#${number}#1`]);
      expect(access.store.snapshot('ReduceTable')).toMatchObject([
        { MessageId: { S: ids[0] }, Message: { S: '{"PV":"-3"}' } },
      ]);
    },
  );

  it('says that a repair of several rows is whole only with the last of them', async () => {
    const keys = Array.from({ length: 81 }, (_, key) => `PV:${key}`);
    const repairs = (access: StoreAccess) => access.store.snapshot('RecountTable')[0]?.['Repairs'];
    const begun = { table: tables.recount, owner: 'a', path: undefined };
    const whole = accessStore();
    const { number } = await beginRecount(whole, begun);
    expect(await repairAs(whole, 'a', { number, keys })).toHaveLength(2);
    expect(repairs(whole)).toEqual({ S: `[{"number":${number},"from":1,"to":2}]` });
    // Killed before the second row is there.
    const end = new AbortController();
    const isFirstRow = (send: number): boolean => send === 4;
    const ended = accessStore({
      onSent: (send) => isFirstRow(send) && end.abort(new Error('ended')),
    });
    await beginRecount(ended, begun);
    const killed = { ...ended, signal: end.signal };
    await expect(repairAs(killed, 'a', { number, keys })).rejects.toThrow('ended');
    expect(repairs(ended)).toEqual({ S: `[{"number":${number},"from":1,"to":2,"isPartial":true}]` });
    expect(ended.store.snapshot('ReduceTable')).toHaveLength(1);
  });

  it('writes nothing when what was given up was committed since the sums were compared', async () => {
    const access = accessStore();
    const { number } = await beginRecount(access, { table: tables.recount, owner: 'a', path: undefined });
    const commitStray = (Value: string): void =>
      putItems(access, tables.recount, [{ Identifier: { S: `:${number}::stray` }, Value: { N: Value } }]);
    commitStray('1');
    expect(await repairAs(access, 'a', { number })).toBeUndefined();
    expect(access.store.snapshot('ReduceTable')).toEqual([]);
    expect(await repairAs(access, 'a', { number, strays: 1 })).toEqual([`recount#${number}#1`]);
    commitStray('2');
    expect(await repairAs(access, 'a', { number, strays: 1 })).toEqual([`recount#${number}#1`]);
  });

  it('says so when that was between two of its rows', async () => {
    const keys = Array.from({ length: 81 }, (_, key) => `PV:${key}`);
    const access = accessStore({
      onSent: (send) =>
        send === 4 &&
        putItems(access, tables.recount, [{ Identifier: { S: `:${number}::stray` }, Value: { N: '1' } }]),
    });
    const { number } = await beginRecount(access, { table: tables.recount, owner: 'a', path: undefined });
    await expect(repairAs(access, 'a', { number, keys })).rejects.toThrow('1 of 2 rows of sums are written');
  });

  it('says that the sums are right where nothing differs, unless something was committed since', async () => {
    const access = accessStore({ faults: [undefined, undefined, undefined, 'reply-lost'] });
    const { number } = await beginRecount(access, { table: tables.recount, owner: 'a', path: undefined });
    expect(await repairAs(access, 'a', { number, keys: [], strays: 1 })).toBeUndefined();
    expect(await repairAs(access, 'a', { number, keys: [] })).toEqual([]);
    expect(access.store.snapshot('ReduceTable')).toEqual([]);
    expect((await readControl(access, tables.recount))?.repairs).toMatchObject([{ number }]);
    await endRecount(access, { table: tables.recount, number });
    await expect(repairAs(access, 'a', { number, keys: [] })).rejects.toMatchObject({
      code: 'recount-superseded',
    });
  });

  it('refuses more rows of other programs than can be told to a redrive, before it writes anything', async () => {
    const access = accessStore();
    const { number } = await beginRecount(access, { table: tables.recount, owner: 'a', path: undefined });
    const except = Array.from({ length: 1_000 }, (_, row) => `stranger-${row}-${'x'.repeat(100)}`);
    await expect(repairAs(access, 'a', { number, except })).rejects.toMatchObject({
      code: 'recount-refused',
      message: expect.stringMatching(/AggregateTable has 1000 rows .* "stranger-0-x+"/),
    });
    expect(access.store.snapshot('ReduceTable')).toEqual([]);
    await repairAs(access, 'a', { number, except: except.slice(0, 100) });
    expect((await readControl(access, tables.recount))?.repairs).toMatchObject([
      { except: except.slice(0, 100) },
    ]);
  });

  it('writes nothing for a recount that another run has ended: that one makes up for the difference', async () => {
    const access = accessStore();
    const { number } = await beginRecount(access, { table: tables.recount, owner: 'a', path: undefined });
    await beginRecount(access, { table: tables.recount, owner: 'b', path: undefined });
    await expect(repairAs(access, 'a', { number })).rejects.toMatchObject({ code: 'recount-superseded' });
    expect(access.store.snapshot('ReduceTable')).toEqual([]);
  });
});
