import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { versionedTable } from '../../src/dynamodb/index.ts';
import { compareVersions, type ItemVersion } from '../../src/item-form.ts';
import type { VersionedTable } from '../../src/versioned-table.ts';
import { orderForm, readingForm, writable, write } from './orders.ts';

const { tombstone: _, ...withoutTombstone } = orderForm;
/** Without tombstones, every update sets all attributes. */
export const plainForm: Omit<typeof orderForm, 'tombstone'> = withoutTombstone;
type PlainOrder = ItemVersion<typeof plainForm>;
type Order = ItemVersion<typeof orderForm>;
type Reading = ItemVersion<typeof readingForm>;

export interface Tables {
  readonly orders: VersionedTable<PlainOrder>;
  readonly withTombstones: VersionedTable<Order>;
  readonly readings: VersionedTable<Reading>;
  orderOf(id: string): Promise<object | undefined>;
}

const all = { Region: { S: 'eu' }, Amount: { N: '12.30' }, Lines: { B: Buffer.from('ab') } };
export const order = (
  OrderId: string,
  version: number | bigint | string,
  attributes: object = all,
): PlainOrder => ({
  key: { OrderId, Line: 1 },
  version,
  attributes,
});
const reading = (sensor: string, version: string, value: string): Reading => ({
  key: { Sensor: Buffer.from(sensor) },
  version,
  attributes: { Value: { N: value } },
});
const kept = { code: 'kept', existing: expect.anything() };

/** What holds of a table wherever it is. */
export function describeTable(name: string, create: () => Tables): void {
  describe(`a table ${name}`, () => {
    let tables: Tables;
    beforeAll(() => {
      tables = create();
    });

    it('inserts where there is no item, and only there', async () => {
      expect(await write(tables.orders, 'insert', order('insert', 3))).toEqual([{ code: 'written' }]);
      expect(await write(tables.orders, 'insert', order('insert', 4))).toEqual([{ code: 'exists' }]);
      expect(await tables.orderOf('insert')).toEqual({
        OrderId: { S: 'insert' },
        Line: { N: '1' },
        Version: { N: '3' },
        Region: { S: 'eu' },
        Amount: { N: expect.stringMatching(/^12\.30?$/) },
        Lines: { B: expect.anything() },
      });
    });

    it('updates where the version is lower, and else says what the table holds', async () => {
      const { orders } = tables;
      const high = 2n ** 70n;
      await write(orders, 'insert', order("O'Hara", high));
      expect(await write(orders, 'update', order("O'Hara", high + 2n))).toEqual([{ code: 'written' }]);
      for (const version of [0n, high + 1n, high + 2n]) {
        const arrived = order("O'Hara", version, { ...all, Amount: { N: '5' } });
        const [result] = await write(orders, 'update', arrived);
        expect(result).toEqual(kept);
        const existing = result?.code === 'kept' ? result.existing : undefined;
        expect(existing?.order).toBe(high + 2n);
        expect(existing?.content).toBe(writable(orders, order("O'Hara", 0, all)).content);
      }
    });

    it('takes versions of text as DynamoDB compares it', async () => {
      const { readings } = tables;
      const at = (time: string) => reading('times', time, '1');
      await write(readings, 'insert', at('2026-01-09T23:59:59.999Z'));
      expect(await write(readings, 'update', at('2026-01-10T00:00:00.000Z'))).toEqual([{ code: 'written' }]);
      expect(await write(readings, 'update', at('2026-01-09T23:59:59.999Z'))).toEqual([kept]);
      const [same] = await write(readings, 'update', at('2026-01-10T00:00:00.000Z'));
      const arrived = writable(readings, reading('times', '2026-01-10T00:00:00.000Z', '1.0'));
      expect(same?.code === 'kept' && compareVersions(arrived, same.existing)).toBe('duplicate');
    });

    it('compares text by its bytes, as the order of a conflict needs it', async () => {
      const { readings } = tables;
      // U+FF5E comes after U+1F600 in UTF-16, and before it in UTF-8.
      const [low, high] = ['～ab', '😀a'].map((text) => text.padEnd(22, '0'));
      await write(readings, 'insert', reading('bytes', low ?? '', '1'));
      expect(await write(readings, 'update', reading('bytes', high ?? '', '2'))).toEqual([
        { code: 'written' },
      ]);
      const [result] = await write(readings, 'update', reading('bytes', low ?? '', '1'));
      const arrived = writable(readings, reading('bytes', low ?? '', '1'));
      expect(result?.code === 'kept' && compareVersions(arrived, result.existing)).toBe('stale');
    });

    it('is told of no item to update', async () => {
      expect(await write(tables.orders, 'update', order('none', 1))).toEqual([{ code: 'absent' }]);
      expect(await tables.orderOf('none')).toBeUndefined();
    });

    it('decides each write of a request alone', async () => {
      await write(tables.orders, 'insert', order('b', 5));
      expect(await write(tables.orders, 'insert', order('a', 1), order('b', 6), order('c', 1))).toEqual([
        { code: 'written' },
        { code: 'exists' },
        { code: 'written' },
      ]);
    });

    it('takes a number as the same key however it is written', async () => {
      await write(tables.orders, 'insert', {
        ...order('number', 1),
        key: { OrderId: 'number', Line: '1.0' },
      });
      expect(await write(tables.orders, 'insert', order('number', 2))).toEqual([{ code: 'exists' }]);
    });

    it('sends nothing once its time is over', async () => {
      const writes = [{ mode: 'insert', version: writable(tables.orders, order('late', 1)) }] as const;
      const [result] = await tables.orders.write(writes, AbortSignal.abort());
      expect(result).toMatchObject({ code: 'unavailable' });
      expect(await tables.orderOf('late')).toBeUndefined();
    });
  });
}

/** What holds where a statement may both set and remove attributes. */
export function describeTableWithAbsentAttributes(name: string, create: () => Tables): void {
  describe(`a table with absent attributes ${name}`, () => {
    let tables: Tables;
    beforeAll(() => {
      tables = create();
    });

    it('removes attributes that a version does not have, so that the item does not depend on earlier versions', async () => {
      await write(tables.withTombstones, 'insert', order('fewer', 1));
      await write(tables.withTombstones, 'update', order('fewer', 2, { Amount: { N: '1' } }));
      await write(tables.withTombstones, 'insert', order('alone', 2, { Amount: { N: '1' } }));
      expect(await tables.orderOf('fewer')).toEqual({
        ...(await tables.orderOf('alone')),
        OrderId: { S: 'fewer' },
      });
    });

    it('keeps a tombstone of an item that was removed, which only a newer version replaces', async () => {
      const removed: Order = { key: { OrderId: 'gone', Line: 1 }, version: 2, removed: true };
      await write(tables.withTombstones, 'insert', order('gone', 1));
      expect(await write(tables.withTombstones, 'update', removed)).toEqual([{ code: 'written' }]);
      expect(await tables.orderOf('gone')).toEqual({
        OrderId: { S: 'gone' },
        Line: { N: '1' },
        Version: { N: '2' },
        Cancelled: { BOOL: true },
        ExpiresAt: { N: '1100' },
      });
      const [again] = await write(tables.withTombstones, 'update', order('gone', 1));
      expect(again).toEqual(kept);
      const [repeated] = await write(tables.withTombstones, 'update', removed);
      expect(
        repeated?.code === 'kept' &&
          compareVersions(writable(tables.withTombstones, removed), repeated.existing),
      ).toBe('duplicate');
      await write(tables.withTombstones, 'update', order('gone', 3));
      const revived = await tables.orderOf('gone');
      expect(revived).toMatchObject({ Version: { N: '3' }, Region: { S: 'eu' } });
      expect(revived).not.toHaveProperty('Cancelled');
      expect(revived).not.toHaveProperty('ExpiresAt');
    });

    it('leaves a tombstone also of an item that it never had', async () => {
      const removed: Order = { key: { OrderId: 'never', Line: 1 }, version: 2, removed: true };
      expect(await write(tables.withTombstones, 'insert', removed)).toEqual([{ code: 'written' }]);
      expect(await write(tables.withTombstones, 'update', order('never', 1))).toEqual([kept]);
    });
  });
}

/** The same tables behind a client. */
export function tablesOf(own: DynamoDBClient): Tables {
  return {
    orders: versionedTable({ ...plainForm, client: own, table: 'Orders' }),
    withTombstones: versionedTable({ ...orderForm, client: own, table: 'Orders' }),
    readings: versionedTable({ ...readingForm, client: own, table: 'Readings' }),
    orderOf: async (id) => {
      const { Items = [] } = await own.send(new ScanCommand({ TableName: 'Orders', ConsistentRead: true }));
      return Items.find((item) => item['OrderId']?.S === id);
    },
  };
}
