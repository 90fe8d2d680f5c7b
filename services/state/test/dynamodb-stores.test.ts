/** Goal: what the tables really hold, and what other programs and former versions may have left in them. */
import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { formatPosition } from '@oncefold/commit';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { createTradeHierarchy, tradeToItem } from '@oncefold/trades';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareVersion } from '../src/compare-version.ts';
import { createDynamoDbAccountingStore } from '../src/dynamodb/accounting-store.ts';
import { createDynamoDbStateStore } from '../src/dynamodb/state-store.ts';
import { formatHistoryEntry, HISTORY_MAX } from '../src/version-history.ts';
import {
  hierarchy,
  type MessageFields,
  recordKeyOf,
  referenceOf,
  tradeOf,
  writeOf,
} from './support/stream.ts';
import { createTables } from './support/tables.ts';

const never = new AbortController().signal;
const { client } = useDynamoDb();
beforeAll(() => createTables(client));

const state = createDynamoDbStateStore(client, { table: 'StateTable', hierarchy });
const accounting = createDynamoDbAccountingStore(client, { table: 'AccountingTable' });
const counts = { applied: 1, duplicate: 2, stale: 3, conflict: 4, quarantined: 5 };
const noHistory = Array(HISTORY_MAX).fill(undefined);

async function itemOf(TableName: string, Key: Record<string, AttributeValue>) {
  return (await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;
}

const put = (TableName: string, Item: Record<string, AttributeValue>) =>
  client.send(new PutItemCommand({ TableName, Item }));
const write = async (mode: 'insert' | 'update', fields: MessageFields, sequence = 1) =>
  (await state.write([writeOf(mode, fields, sequence)], never))[0];

describe('createDynamoDbStateStore', () => {
  it('stores a trade as the data contract has it, with the record that brought it', async () => {
    const fields = { id: 'contract', version: 9 };
    await state.write([{ ...writeOf('insert', fields), recordKey: recordKeyOf('shardId-0:1') }], never);
    expect(await itemOf('StateTable', { id: { S: 'contract' } })).toEqual({
      id: { S: 'contract' },
      Version: { N: '9' },
      Value: { N: '61502.37' },
      Hierarchy: { S: '{"Region":"EMEA","RiskType":"PV","TradeDesk":"FXSpot"}' },
      Timestamp: { N: '1763884800.123456' },
      Dimensions: { S: '["RiskType","TradeDesk","Region"]' },
      RecordId: { S: recordKeyOf('shardId-0:1') },
      Applied1: { S: formatHistoryEntry(tradeToItem(tradeOf(fields)), referenceOf(1)) },
    });
  });

  it('keeps attributes of other programs when it updates', async () => {
    await put('StateTable', { id: { S: 'shared' }, Version: { N: '0' }, ExpiresAt: { N: '1' } });
    await write('update', { id: 'shared', version: 1 });
    expect(await itemOf('StateTable', { id: { S: 'shared' } })).toMatchObject({
      Version: { N: '1' },
      ExpiresAt: { N: '1' },
    });
  });

  it('reads what another program has stored, spaces in JSON included', async () => {
    await put('StateTable', {
      id: { S: 'foreign' },
      Version: { N: '1.0' },
      Value: { N: '615.0237E2' },
      Hierarchy: { S: '{"Region": "EMEA", "RiskType": "PV", "TradeDesk": "FXSpot"}' },
      Timestamp: { N: '1763884800.123456' },
    });
    const fields = { id: 'foreign', version: 1 };
    expect(await write('update', fields)).toEqual({
      code: 'kept',
      existing: { version: 1, recordId: undefined, trade: tradeOf(fields), history: noHistory },
    });
  });

  it('says which item cannot be compared with, and which is no trade', async () => {
    await put('StateTable', { id: { S: 'no-version' } });
    expect(await write('update', { id: 'no-version', version: 1 })).toEqual({ code: 'unreadable' });
    await put('StateTable', { id: { S: 'text-version' }, Version: { S: '0' } });
    expect(await write('update', { id: 'text-version', version: 1 })).toEqual({ code: 'unreadable' });
    await put('StateTable', { id: { S: 'no-trade' }, Version: { N: '1' } });
    expect(await write('update', { id: 'no-trade', version: 1 })).toEqual({
      code: 'kept',
      existing: { version: 1, recordId: undefined, trade: undefined, history: noHistory },
    });
  });

  it('refuses one version, and not its request, where the existing item has no room', async () => {
    await put('StateTable', { id: { S: 'full' }, Version: { N: '0' }, Note: { S: 'x'.repeat(409_500) } });
    const writes = [writeOf('update', { id: 'full', version: 1 }), writeOf('insert', { id: 'beside' })];
    expect(await state.write(writes, never)).toEqual([{ code: 'unwritable' }, { code: 'written' }]);
  });

  it('reads the dimensions of a trade from its item, so that other levels make no conflict of a duplicate', async () => {
    const fields = { id: 'moved', version: 1 };
    await write('insert', fields);
    const other = createTradeHierarchy(['RiskType', 'Country']);
    const store = createDynamoDbStateStore(client, { table: 'StateTable', hierarchy: other });
    const arrived = writeOf('update', fields, 2);
    const [kept] = await store.write([arrived], never);
    if (kept?.code !== 'kept') {
      throw new Error('The item was not kept.');
    }
    expect(compareVersion(arrived, kept.existing)).toBe('duplicate');
    expect(compareVersion({ ...arrived, recordKey: 'record-1' }, kept.existing)).toBe('applied');
  });

  it('recognises its own work in an item of release 0.1.0', async () => {
    await put('StateTable', {
      id: { S: 'former' },
      Version: { N: '1' },
      Value: { N: '61502.37' },
      Hierarchy: { S: '{"Region":"EMEA","RiskType":"PV","TradeDesk":"FXSpot"}' },
      Timestamp: { N: '1763884800.123456' },
      RecordId: { S: 'shardId-0:1' },
    });
    const arrived = writeOf('update', { id: 'former', version: 1 });
    const [kept] = await state.write([arrived], never);
    if (kept?.code !== 'kept') {
      throw new Error('The item was not kept.');
    }
    const compare = (formerRecordKey: string) =>
      compareVersion({ ...arrived, formerRecordKey }, kept.existing);
    expect(compare('shardId-0:1')).toBe('applied');
    expect(compare('shardId-0:2')).toBe('duplicate');
  });

  it('throws when the table is missing', async () => {
    const store = createDynamoDbStateStore(client, { table: 'NoTable', hierarchy });
    const missing = store.write([writeOf('insert', {})], never);
    await expect(missing).rejects.toMatchObject({ code: 'store-refused' });
  });

  it('refuses a name that would change the statement', () => {
    expect(() => createDynamoDbStateStore(client, { table: 'a" VALUE {}--', hierarchy })).toThrow(TypeError);
  });
});

describe('createDynamoDbAccountingStore', () => {
  const shard = (id: string) => ({ key: recordKeyOf(id), formerKey: `state#${id}` });
  const at = (index: number) => formatPosition(String(index));
  const advance = (id: string, first: number, last: number) =>
    accounting.advance({ ...shard(id), first: at(first), last: at(last), counts }, never);
  const accountOf = (key: string) => itemOf('AccountingTable', { Shard: { S: key } });
  const counters = (times: number) => ({
    Applied: { N: String(times) },
    Duplicate: { N: String(2 * times) },
    Stale: { N: String(3 * times) },
    Conflict: { N: String(4 * times) },
    Quarantined: { N: String(5 * times) },
  });
  const putFormer = (id: string, index: number) =>
    put('AccountingTable', {
      Shard: { S: `state#${id}` },
      SequenceNumber: { S: String(index).padStart(129, '0') },
      ...counters(1),
    });

  it('adds up the counters of each shard', async () => {
    for (const index of [1, 2]) {
      expect(await advance('sum', index, index)).toEqual({ code: 'advanced' });
    }
    expect(await accountOf(recordKeyOf('sum'))).toEqual({
      Shard: { S: recordKeyOf('sum') },
      SequenceNumber: { S: at(2) },
      ...counters(2),
    });
  });

  it('leaves a marker under the former key of a shard that it starts, so that release 0.1.0 starts none', async () => {
    expect(await advance('unbegun', 1, 2)).toEqual({ code: 'advanced' });
    expect(await accountOf('state#unbegun')).toEqual({
      Shard: { S: 'state#unbegun' },
      MovedTo: { S: recordKeyOf('unbegun') },
    });
    expect(await advance('unbegun', 1, 2)).toEqual({ code: 'refused', position: at(2) });
    expect(await accountOf(recordKeyOf('unbegun'))).toEqual({
      Shard: { S: recordKeyOf('unbegun') },
      SequenceNumber: { S: at(2) },
      ...counters(1),
    });
  });

  it('starts an account once, whoever tries it at the same time, with a former key or without', async () => {
    for (const formerKey of ['state#many', undefined]) {
      const key = recordKeyOf(`many-${formerKey}`);
      const entry = { key, formerKey, first: at(1), last: at(1), counts };
      const results = await Promise.all(Array.from({ length: 4 }, () => accounting.advance(entry, never)));
      expect(results.map(({ code }) => code).sort()).toEqual(['advanced', 'refused', 'refused', 'refused']);
      expect(await accountOf(key)).toMatchObject(counters(1));
    }
  });

  it('starts an account that is gone although its marker is there', async () => {
    await advance('gone', 1, 1);
    await client.send(
      new DeleteItemCommand({ TableName: 'AccountingTable', Key: { Shard: { S: recordKeyOf('gone') } } }),
    );
    expect(await advance('gone', 2, 2)).toEqual({ code: 'advanced' });
  });

  it('asks for nothing of release 0.1.0 without a former key', async () => {
    await putFormer('own', 7);
    const entry = { key: recordKeyOf('own'), formerKey: undefined, first: at(1), last: at(1), counts };
    const requests: string[] = [];
    const watching: Pick<typeof client, 'send'> = {
      send: ((command: { constructor: { name: string } }, options: object) => {
        requests.push(command.constructor.name);
        return client.send(command as never, options);
      }) as (typeof client)['send'],
    };
    const store = createDynamoDbAccountingStore(watching, { table: 'AccountingTable' });
    expect(await store.advance(entry, never)).toEqual({ code: 'advanced' });
    expect(requests).toEqual(['UpdateItemCommand', 'UpdateItemCommand']);
    expect(await accountOf(entry.key)).toMatchObject(counters(1));
    expect(await accountOf('state#own')).toMatchObject({ SequenceNumber: { S: '7'.padStart(129, '0') } });
  });

  it('migrates an account of release 0.1.0 with its counters and its position', async () => {
    await putFormer('former', 7);
    expect(await advance('former', 7, 9)).toEqual({
      code: 'refused',
      position: formatPosition('7', 9_999_999_999),
    });
    expect(await advance('former', 8, 9)).toEqual({ code: 'advanced' });
    expect(await accountOf(recordKeyOf('former'))).toEqual({
      Shard: { S: recordKeyOf('former') },
      SequenceNumber: { S: at(9) },
      ...counters(2),
    });
    expect(await accountOf('state#former')).toEqual({
      Shard: { S: 'state#former' },
      MovedTo: { S: recordKeyOf('former') },
    });
  });

  it('migrates an account once, whoever tries it at the same time', async () => {
    await putFormer('raced', 7);
    const results = await Promise.all([8, 8, 8, 8].map((index) => advance('raced', index, index)));
    expect(results.filter(({ code }) => code === 'advanced')).toHaveLength(1);
    expect(await accountOf(recordKeyOf('raced'))).toMatchObject(counters(2));
  });

  it('starts the account of a second stream whose shard has the same id', async () => {
    await putFormer('twin', 7);
    const other = { key: recordKeyOf('twin', 'arn:other'), formerKey: undefined };
    expect(await advance('twin', 8, 8)).toEqual({ code: 'advanced' });
    expect(await accounting.advance({ ...other, first: at(1), last: at(1), counts }, never)).toEqual({
      code: 'advanced',
    });
    expect(await accountOf(other.key)).toMatchObject({ SequenceNumber: { S: at(1) }, ...counters(1) });
  });

  it('refuses positions that cannot be compared', async () => {
    await put('AccountingTable', { Shard: { S: recordKeyOf('short') }, SequenceNumber: { S: '9' } });
    await expect(advance('short', 1, 1)).rejects.toMatchObject({ code: 'store-refused' });
    await put('AccountingTable', { Shard: { S: 'state#odd' }, SequenceNumber: { S: '7' }, ...counters(1) });
    await expect(advance('odd', 8, 8)).rejects.toMatchObject({ code: 'store-refused' });
  });

  it('throws when the table is missing', async () => {
    const store = createDynamoDbAccountingStore(client, { table: 'NoTable' });
    await expect(
      store.advance({ ...shard('none'), first: at(1), last: at(1), counts }, never),
    ).rejects.toThrow();
  });
});
