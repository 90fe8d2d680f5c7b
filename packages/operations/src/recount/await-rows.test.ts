import { identityKey } from '@oncefold/request-token';
import { createTradeHierarchy } from '@oncefold/trades';
import { describe, expect, it } from 'vitest';
import { accessStore, putItems, type StoreAccess } from '../../test/support/store-access.ts';
import { awaitOwnRows, awaitRows } from './await-rows.ts';
import type { RecountPipeline } from './recount-options.ts';

const RETENTION_SECONDS = 8 * 24 * 60 * 60;
const pipeline: RecountPipeline = {
  tables: {
    state: 'StateTable',
    reduce: 'ReduceTable',
    aggregate: 'AggregateTable',
    ledger: 'LedgerTable',
    recount: 'RecountTable',
  },
  namespace: 'test',
  reduceConsumer: 'reduce',
  reduceSource: 'arn:reduce',
  retentionSeconds: RETENTION_SECONDS,
  unrecordedHierarchy: createTradeHierarchy(['RiskType']),
};

const markerOf = (id: string) =>
  identityKey({ namespace: 'test', consumer: 'reduce', source: 'arn:reduce', id });

function rowOf({ clock }: StoreAccess, id: string, hoursAgo: number) {
  const expiresAt = Math.floor(clock.now() / 1000) - hoursAgo * 3_600 + RETENTION_SECONDS;
  return { MessageId: { S: id }, Message: { S: '{}' }, ExpiresAt: { N: String(expiresAt) } };
}

/** Of a recount that begins now. */
const begun = ({ clock }: StoreAccess) => ({
  startedMs: clock.now(),
  hasMarked: false,
  stallMsMax: 60_000,
  onPending: () => {},
});

describe('awaitRows', () => {
  it('waits until each row has a marker of this release or of 0.1.0', async () => {
    const pendings: number[] = [];
    const access = accessStore({
      faults: ['reply-lost', undefined, 'in-part', 'cut-off'],
      onSent: (send, store) => {
        if (send === 9) {
          putItems({ store }, 'LedgerTable', [{ Marker: { S: markerOf('b') } }]);
        }
      },
    });
    putItems(access, 'ReduceTable', [rowOf(access, 'a', 1), rowOf(access, 'b', 1), rowOf(access, 'c', 1)]);
    putItems(access, 'LedgerTable', [{ Marker: { S: markerOf('a') } }, { Marker: { S: 'reduce#c' } }]);
    const onPending = (pending: number) => void pendings.push(pending);
    expect(await awaitRows(access, pipeline, { ...begun(access), onPending })).toEqual({ ids: [] });
    expect(pendings[0]).toBe(1);
    expect(pendings.at(-1)).toBe(0);
  });

  it('tells a row that its stream has lost, and writes nothing: a recount that is interrupted leaves nothing behind', async () => {
    const access = accessStore();
    putItems(access, 'ReduceTable', [rowOf(access, 'lost', 26)]);
    expect(await awaitRows(access, pipeline, begun(access))).toEqual({ ids: ['lost'] });
    expect(access.changes.filter(({ table }) => table.name === 'LedgerTable')).toEqual([]);
  });

  it('waits for a row that came after the recount began or shortly before, however long that is ago', async () => {
    const access = accessStore();
    putItems(access, 'ReduceTable', [rowOf(access, 'late', 26)]);
    const startedMs = access.clock.now() - 26.5 * 3_600_000;
    const waiting = awaitRows(access, pipeline, { ...begun(access), startedMs });
    await expect(waiting).rejects.toMatchObject({ code: 'recount-stalled' });
  });

  it('does not take a row for lost whose time to live is over, as may be that of its marker', async () => {
    const access = accessStore();
    putItems(access, 'ReduceTable', [rowOf(access, 'expired', RETENTION_SECONDS / 3_600 + 1)]);
    expect(await awaitRows(access, pipeline, begun(access))).toEqual({ ids: [] });
  });

  it('gives up when nothing is applied for as long as is allowed', async () => {
    const access = accessStore();
    putItems(access, 'ReduceTable', [rowOf(access, 'late', 1)]);
    await expect(awaitRows(access, pipeline, begun(access))).rejects.toMatchObject({
      code: 'recount-stalled',
    });
    expect(access.slept()).toBeGreaterThan(60_000);
    expect(access.slept()).toBeLessThan(90_000);
  });

  it('says what to do about a row without ExpiresAt, which may be applied though its marker has expired', async () => {
    const access = accessStore();
    putItems(access, 'ReduceTable', [
      rowOf(access, 'late', 1),
      { MessageId: { S: 'by-hand' }, Message: { S: '{}' } },
    ]);
    await expect(awaitRows(access, pipeline, begun(access))).rejects.toMatchObject({
      code: 'recount-stalled',
      message: expect.stringMatching(/by-hand has no ExpiresAt.*delete it from ReduceTable/),
    });
  });

  it('refuses rows that do not expire as it was told: new ones would look lost', async () => {
    const access = accessStore();
    putItems(access, 'ReduceTable', [rowOf(access, 'new', 24)]);
    await expect(awaitRows(access, pipeline, { ...begun(access), hasMarked: true })).rejects.toMatchObject({
      code: 'recount-refused',
    });
  });
});

describe('awaitOwnRows', () => {
  it('waits for the rows that it is told, and gives up in time', async () => {
    const access = accessStore();
    putItems(access, 'LedgerTable', [{ Marker: { S: markerOf('own') } }]);
    await awaitOwnRows(access, pipeline, { ids: ['own'], stallMsMax: 1_000 });
    const absent = awaitOwnRows(access, pipeline, { ids: ['own', 'absent'], stallMsMax: 1_000 });
    await expect(absent).rejects.toMatchObject({ code: 'recount-stalled' });
  });
});
