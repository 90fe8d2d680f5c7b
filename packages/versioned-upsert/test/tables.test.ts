/**
 * Goal: a table on real engines keeps the promises of one in memory. Method: one suite, run on each (those without an engine in
 * `tables-without-engine.test.ts`). dynoxide takes no
 * statement that both sets and removes attributes, so that absent attributes and tombstones are tested on the others.
 */
import { type AttributeValue, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createLocalDynamoDb, type Engine, freshCredentials, startDynamoDb } from '@oncefold/engines';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { versionedTable } from '../src/dynamodb/index.ts';
import { createTables, orderForm, readingForm, writable, write } from './support/orders.ts';
import {
  describeTable,
  describeTableWithAbsentAttributes,
  order,
  tablesOf,
} from './support/table-contract.ts';

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

describeTable('on DynamoDB Local', () => tablesOf(client));
describeTable('on dynoxide', () => tablesOf(dynoxide.client));
describeTableWithAbsentAttributes('on DynamoDB Local', () => tablesOf(client));

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

  it.each<[string, AttributeValue | undefined, 'unreadable' | 'written']>([
    ['no version', undefined, 'unreadable'],
    ['a text', { S: '1' }, 'unreadable'],
    ['a higher fraction', { N: '9.5' }, 'unreadable'],
    ['a lower fraction', { N: '1.5' }, 'written'],
    ['a negative number', { N: '-1' }, 'written'],
  ])('overwrites %s where DynamoDB compares it as lower, and nowhere else', async (id, version, code) => {
    await put({ OrderId: { S: id }, ...(version !== undefined && { Version: version }) });
    expect(await write(orders, 'update', order(id, 2))).toEqual([{ code }]);
  });

  it.each([
    ['2026-01-10T00:00:00Z', 'unreadable'],
    ['2026-01-09T00:00:00Z', 'written'],
  ])('compares a text of another length as DynamoDB does: %s', async (time, code) => {
    const readings = versionedTable({ ...readingForm, client, table: 'Readings' });
    const Item = { Sensor: { B: Buffer.from(time) }, MeasuredAt: { S: time } };
    await client.send(new PutItemCommand({ TableName: 'Readings', Item }));
    const key = { Sensor: Buffer.from(time) };
    const arrived = { key, version: '2026-01-10T00:00:00.500Z', attributes: {} };
    expect(await write(readings, 'update', arrived)).toEqual([{ code }]);
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
