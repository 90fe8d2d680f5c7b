import { describe, expect, it } from 'vitest';
import { accessStore, putItems } from '../../test/support/store-access.ts';
import { announceRepair, assertRunning, beginRecount, endRecount, readControl } from './control.ts';

const table = 'RecountTable';
const path = undefined;
const newNumber = Date.UTC(2026, 0, 1) / 1000;

describe('beginRecount', () => {
  it('begins once, whatever becomes of the answer', async () => {
    const access = accessStore({ faults: [undefined, 'reply-lost', undefined, 'request-lost'] });
    expect(await beginRecount(access, { table, owner: 'a', path })).toMatchObject({ number: newNumber });
    expect(access.changes).toHaveLength(1);
    await assertRunning(access, { table, owner: 'a', number: newNumber });
  });

  it('gives another owner a higher number, and tells which recount it has ended', async () => {
    const access = accessStore();
    await beginRecount(access, { table, owner: 'a#1', path });
    const next = await beginRecount(access, { table, owner: 'a#2', path });
    expect(next).toMatchObject({ number: newNumber + 1, superseded: newNumber });
    await expect(assertRunning(access, { table, owner: 'a#1', number: newNumber })).rejects.toMatchObject({
      code: 'recount-superseded',
    });
  });

  it('takes its start from a clock that knows the time after the first answer', async () => {
    const access = accessStore();
    const localMs = access.clock.now();
    let aheadMs = 0;
    const send = async (command: never) => {
      const answer = await access.client.send(command);
      aheadMs = 180_000;
      return answer;
    };
    const clock = { ...access.clock, now: () => localMs + aheadMs };
    const begun = await beginRecount({ client: { send } as never, clock }, { table, owner: 'a', path });
    expect(begun).toMatchObject({ number: newNumber + 180, startedMs: localMs + 180_000 });
  });

  it('never gives a number twice, also if the control item was lost', async () => {
    const access = accessStore();
    putItems(access, table, [
      { Identifier: { S: ':control' }, Number: { N: String(newNumber + 50) }, State: { S: 'ended' } },
    ]);
    expect(await beginRecount(access, { table, owner: 'a', path })).toMatchObject({ number: newNumber + 51 });
  });
});

describe('announceRepair', () => {
  it('says so until the recount ends, or another begins', async () => {
    const access = accessStore();
    const repairing = () => access.store.snapshot(table)[0]?.['Repairing'];
    const { number } = await beginRecount(access, { table, owner: 'a', path });
    await announceRepair(access, { table, owner: 'a', number });
    expect(repairing()).toEqual({ S: 'a' });
    const next = await beginRecount(access, { table, owner: 'b', path: 'PV' });
    expect(repairing()).toBeUndefined();
    await expect(announceRepair(access, { table, owner: 'a', number })).rejects.toMatchObject({
      code: 'recount-superseded',
    });
    await announceRepair(access, { table, owner: 'b', number: next.number });
    await endRecount(access, { table, number: next.number });
    expect(repairing()).toBeUndefined();
  });
});

describe('readControl', () => {
  it.each([{ Number: { N: '1.5' } }, { Number: { N: '7' }, Repairs: { S: '[{}]' } }])(
    'refuses an item that is damaged, and does not advise to delete it: %o',
    async (attributes) => {
      const access = accessStore();
      putItems(access, table, [{ Identifier: { S: ':control' }, ...attributes }]);
      await expect(readControl(access, table)).rejects.toMatchObject({
        code: 'recount-refused',
        message: expect.stringContaining('Do not delete it'),
      });
    },
  );
});

describe('endRecount', () => {
  it('deletes the sums of its recount and of earlier ones, and no other', async () => {
    const access = accessStore({ faults: [undefined, undefined, 'reply-lost'] });
    const { number } = await beginRecount(access, { table, owner: 'a', path });
    const keys = [`:${number}:PV`, `:${number}::outside`, ':7:PV', `:${number + 1}:PV`];
    putItems(
      access,
      table,
      keys.map((key) => ({ Identifier: { S: key }, Value: { N: '1' } })),
    );
    await endRecount(access, { table, number });
    const left = access.store.snapshot(table).map(({ Identifier }) => Identifier?.S);
    expect(left).toEqual([':control', `:${number + 1}:PV`]);
    expect(await readControl(access, table)).toMatchObject({ number, isRunning: false });
  });

  it('leaves a recount alone that has begun since', async () => {
    const access = accessStore();
    const { number } = await beginRecount(access, { table, owner: 'a', path });
    await beginRecount(access, { table, owner: 'b', path });
    await endRecount(access, { table, number });
    expect(await readControl(access, table)).toMatchObject({ owner: 'b', isRunning: true });
  });
});
