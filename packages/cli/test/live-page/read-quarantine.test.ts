import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { shortId } from '@oncefold/operations/redrive';
import { describe, expect, it } from 'vitest';
import { createQuarantineReader } from '../../src/live-page/tables/read-quarantine.ts';

const { client } = useDynamoDb();

async function createTable(name: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      KeySchema: [
        { AttributeName: 'Source', KeyType: 'HASH' },
        { AttributeName: 'Part', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'Source', AttributeType: 'S' },
        { AttributeName: 'Part', AttributeType: 'N' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
}

/** Records of two parts each. */
async function put(table: string, names: readonly string[]): Promise<void> {
  for (let from = 0; from < names.length; from += 12) {
    const requests = names.slice(from, from + 12).flatMap((name) =>
      ['0', '1'].map((part) => ({
        PutRequest: {
          Item: {
            ...{ Source: { S: name }, Part: { N: part }, Payload: { B: Buffer.from('secret') } },
            ...(part === '0' && {
              ...{ Consumer: { S: 'state' }, Reason: { S: 'broken-json' }, Detail: { S: 'Value' } },
              ...{ RecordId: { S: `id of ${name}` }, Bytes: { N: '12' } },
            }),
          },
        },
      })),
    );
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  }
}

function reader(table: string): {
  read: ReturnType<typeof createQuarantineReader>;
  at: (ms: number) => void;
} {
  let now = 0;
  const { signal } = new AbortController();
  return {
    read: createQuarantineReader({ client, table, signal, now: () => now }),
    at(ms) {
      now = ms;
    },
  };
}

describe('createQuarantineReader', () => {
  it('has what is new first, each record once and without its payload, and forgets what is gone', async () => {
    const table = 'Quarantine';
    await createTable(table);
    const { read, at } = reader(table);
    expect(await read()).toEqual({ count: 0, isMore: false, newest: [] });
    await put(table, ['a', 'b']);
    at(1_000);
    expect(await read()).toMatchObject({ count: 2, newest: [{ seenAt: 1_000 }, { seenAt: 1_000 }] });
    await put(table, ['c']);
    at(2_000);
    const { newest } = await read();
    expect(newest[0]).toEqual({
      ...{ seenAt: 2_000, consumer: 'state', reason: 'broken-json', detail: 'Value' },
      ...{ id: shortId('q', 'c'), recordId: 'id of c', bytes: '12' },
    });
    expect(newest.map(({ seenAt }) => seenAt)).toEqual([2_000, 1_000, 1_000]);
    await client.send(
      new DeleteItemCommand({ TableName: table, Key: { Source: { S: 'c' }, Part: { N: '0' } } }),
    );
    expect(await read()).toMatchObject({ count: 2, newest: [{ seenAt: 1_000 }, { seenAt: 1_000 }] });
  });

  it('counts what still waits, and not what was redriven', async () => {
    const table = 'RedrivenQuarantine';
    await createTable(table);
    await put(table, ['a', 'b']);
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { Source: { S: 'a' }, Part: { N: '0' } },
        UpdateExpression: 'SET RedrivenAt = :at',
        ExpressionAttributeValues: { ':at': { S: '2025-11-23T08:00:00.000Z' } },
      }),
    );
    expect(await reader(table).read()).toMatchObject({ count: 1, newest: [{ id: shortId('q', 'b') }] });
  });

  it('shows a few and says that there are more, however many there are', async () => {
    const table = 'FullQuarantine';
    await createTable(table);
    await put(
      table,
      Array.from({ length: 1_010 }, (_, index) => String(index)),
    );
    const { count, isMore, newest } = await reader(table).read();
    expect(newest).toHaveLength(20);
    expect(count).toBeGreaterThanOrEqual(1_000);
    expect(isMore).toBe(true);
  });
});
