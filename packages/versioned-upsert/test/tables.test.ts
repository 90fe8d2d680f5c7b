/**
 * Goal: a table in memory and one on real engines keep the same promises. Method: one suite, run on each. dynoxide takes no
 * statement that both sets and removes attributes, so that absent attributes and tombstones are tested on the others.
 */
import {
  type AttributeValue,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { createLocalDynamoDb, type Engine, freshCredentials, startDynamoDb } from '@oncefold/engines';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { commandRequest, createStore } from '@oncefold/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { versionedTable } from '../src/dynamodb/index.ts';
import { compareVersions, type ItemVersion } from '../src/item-form.ts';
import { createMemoryTable } from '../src/memory/index.ts';
import type { VersionedTable } from '../src/versioned-table.ts';
import { createTables, orderForm, readingForm, writable, write } from './support/orders.ts';

/** Without tombstones, every update sets all attributes. */
const { tombstone, ...plainForm } = orderForm;
type PlainOrder = ItemVersion<typeof plainForm>;
type Order = ItemVersion<typeof orderForm>;
type Reading = ItemVersion<typeof readingForm>;

interface Tables {
  readonly orders: VersionedTable<PlainOrder>;
  readonly withTombstones: VersionedTable<Order>;
  readonly readings: VersionedTable<Reading>;
  orderOf(id: string): Promise<object | undefined>;
}

const { client } = useDynamoDb();
let dynoxide: { readonly engine: Engine; readonly client: DynamoDBClient };
beforeAll(async () => {
  const engine = await startDynamoDb({ engine: 'dynoxide' });
  const credentials = freshCredentials();
  dynoxide = { engine, client: createLocalDynamoDb({ endpoint: engine.endpoint, credentials }) };
  await createTables(dynoxide.client);
  await createTables(client);
});
afterAll(async () => {
  dynoxide?.client.destroy();
  await dynoxide?.engine.stop();
});

const all = { Region: { S: 'eu' }, Amount: { N: '12.30' }, Lines: { B: Buffer.from('ab') } };
const order = (OrderId: string, version: number | bigint | string, attributes: object = all): PlainOrder => ({
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

describe.each<[string, () => Tables]>([
  ['in memory', memoryTables],
  ['on DynamoDB Local', () => tablesOf(client)],
  ['on the simulated store', () => tablesOf(createSimulatedClient())],
  ['on dynoxide', () => tablesOf(dynoxide.client)],
])('a table %s', (_name, create) => {
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
    expect(await write(readings, 'update', reading('bytes', high ?? '', '2'))).toEqual([{ code: 'written' }]);
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
    await write(tables.orders, 'insert', { ...order('number', 1), key: { OrderId: 'number', Line: '1.0' } });
    expect(await write(tables.orders, 'insert', order('number', 2))).toEqual([{ code: 'exists' }]);
  });

  it('sends nothing once its time is over', async () => {
    const writes = [{ mode: 'insert', version: writable(tables.orders, order('late', 1)) }] as const;
    const [result] = await tables.orders.write(writes, AbortSignal.abort());
    expect(result).toMatchObject({ code: 'unavailable' });
    expect(await tables.orderOf('late')).toBeUndefined();
  });
});

describe.each<[string, () => Tables]>([
  ['in memory', memoryTables],
  ['on DynamoDB Local', () => tablesOf(client)],
  ['on the simulated store', () => tablesOf(createSimulatedClient())],
])('a table with absent attributes %s', (_name, create) => {
  let tables: Tables;
  beforeAll(() => {
    tables = create();
  });

  it('removes what a version does not have, so that what stands does not depend on the versions before it', async () => {
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

describe('versionedTable', () => {
  const put = (item: Record<string, AttributeValue>) =>
    client.send(new PutItemCommand({ TableName: 'Orders', Item: { Line: { N: '1' }, ...item } }));
  const orders = versionedTable({ ...orderForm, client, table: 'Orders' });

  it('keeps attributes of other programs', async () => {
    await put({ OrderId: { S: 'shared' }, Version: { N: '1' }, Note: { S: 'mine' } });
    await write(orders, 'update', order('shared', 2));
    expect(await tablesOf(client).orderOf('shared')).toMatchObject({
      Note: { S: 'mine' },
      Version: { N: '2' },
    });
  });

  it('says which item has no version that could be compared', async () => {
    await put({ OrderId: { S: 'text' }, Version: { S: '1' } });
    await put({ OrderId: { S: 'half' }, Version: { N: '9.5' } });
    await put({ OrderId: { S: 'without' } });
    const result = await write(orders, 'update', order('text', 2), order('half', 2), order('without', 2));
    expect(result).toEqual(Array(3).fill({ code: 'unreadable' }));
  });

  it('refuses one version, and not its request, where the item has no room or an index cannot take it', async () => {
    await put({ OrderId: { S: 'full' }, Version: { N: '0' }, Note: { S: 'x'.repeat(409_500) } });
    const wrongRegion = { Region: { N: '1' } };
    const [full, index, beside] = [
      order('full', 1, { Region: { S: 'x'.repeat(600) } }),
      order('full-index', 1, wrongRegion),
      order('beside', 1),
    ];
    expect(await write(orders, 'update', full)).toEqual([{ code: 'unwritable' }]);
    expect(await write(orders, 'insert', index, order('empty', 1, { Region: { S: '' } }), beside)).toEqual([
      { code: 'unwritable' },
      { code: 'unwritable' },
      { code: 'written' },
    ]);
  });

  it('refuses one version, and not those beside it, where DynamoDB refuses the whole request', async () => {
    const good = ['p', 'q', 'r', 's', 't'].map((id) => writable(orders, order(id, 1)));
    // A name that is too long for DynamoDB; the form refuses it.
    const set = { Lines: { M: { ['k'.repeat(70_000)]: { S: '' } } } };
    const hostile = ['hostile', 'another'].map((id) => ({ ...writable(orders, order(id, 1)), set }));
    const versions = [...good.slice(0, 2), ...hostile, ...good.slice(2)];
    const results = await orders.write(
      versions.map((version) => ({ mode: 'insert', version })),
      AbortSignal.timeout(30_000),
    );
    expect(results.map(({ code }) => code)).toEqual([
      'written',
      'written',
      'unwritable',
      'unwritable',
      'written',
      'written',
      'written',
    ]);
  });

  it('throws when the table is missing, or has another key', async () => {
    const missing = versionedTable({ ...orderForm, client, table: 'NoTable' });
    await expect(write(missing, 'insert', order('a', 1))).rejects.toMatchObject({ code: 'store-refused' });
    const other = versionedTable({ ...orderForm, key: { OrderId: 'S', Line: 'S' }, client, table: 'Orders' });
    const wrongKey = { key: { OrderId: 'a', Line: 'b' }, version: 1, attributes: {} };
    await expect(write(other, 'insert', wrongKey)).rejects.toMatchObject({ code: 'store-refused' });
  });

  it('refuses a name that would change the statement, and names that make it too long', () => {
    expect(() => versionedTable({ ...orderForm, client, table: 'a" VALUE {}--' })).toThrow(TypeError);
    const attributes = Array.from({ length: 100 }, (_none, index) => `${'x'.repeat(100)}${index}`);
    expect(() => versionedTable({ ...orderForm, attributes, client, table: 'Orders' })).toThrow('8192');
  });

  it('takes the whole length of a statement', async () => {
    const attributes = Array.from({ length: 70 }, (_none, index) => `${'x'.repeat(95)}${100 + index}`);
    const table = versionedTable({ ...orderForm, attributes, client, table: 'Orders' });
    const version = (number: number, value: object) => ({
      key: { OrderId: 'long', Line: 1 },
      version: number,
      attributes: value,
    });
    const full = Object.fromEntries(attributes.map((name) => [name, { N: '1' }]));
    expect(await write(table, 'insert', version(1, full))).toEqual([{ code: 'written' }]);
    expect(await write(table, 'update', version(2, {}))).toEqual([{ code: 'written' }]);
    expect(await write(table, 'update', version(3, full))).toEqual([{ code: 'written' }]);
  });
});

function memoryTables(): Tables {
  const orders = createMemoryTable(plainForm);
  const withTombstones = createMemoryTable({ ...plainForm, tombstone });
  return {
    orders,
    withTombstones,
    readings: createMemoryTable(readingForm),
    orderOf: async (id) =>
      [...orders.items(), ...withTombstones.items()].find((item) => item['OrderId']?.S === id),
  };
}

function tablesOf(own: DynamoDBClient): Tables {
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

function createSimulatedClient(): DynamoDBClient {
  const tables = [
    { name: 'Orders', key: ['OrderId', 'Line'], keyTypes: ['S', 'N'] },
    { name: 'Readings', key: ['Sensor'], keyTypes: ['B'] },
  ] as const;
  const store = createStore({ tables, now: () => 0 });
  const own = {
    send: async (command: unknown, { abortSignal }: { abortSignal?: AbortSignal } = {}) => {
      abortSignal?.throwIfAborted();
      return commandRequest(store, command).begin().finish();
    },
  };
  return own as unknown as DynamoDBClient;
}
