import {
  BatchWriteItemCommand,
  CreateTableCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDynamoDbReader } from '../src/dynamodb/index.ts';

const dynamodb = useDynamoDb();
const keyOf = (index: number) => ({ table: 'Ledger', key: { Marker: { S: `m${index}` } } });

describe('createDynamoDbReader', () => {
  beforeAll(async () => {
    await dynamodb.client.send(
      new CreateTableCommand({
        TableName: 'Ledger',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'Marker', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'Marker', KeyType: 'HASH' }],
      }),
    );
    const Ledger = Array.from({ length: 25 }, (_, index): WriteRequest => {
      const Item = { Marker: { S: `m${index * 10}` }, First: { S: String(index) } };
      return { PutRequest: { Item } };
    });
    await dynamodb.client.send(new BatchWriteItemCommand({ RequestItems: { Ledger } }));
  });

  it('reads more keys than one request takes, in their order, and nothing where there is no item', async () => {
    const reader = createDynamoDbReader(dynamodb.client, { timeoutMs: 10_000 });
    const items = await reader.read(Array.from({ length: 250 }, (_, index) => keyOf(index)));
    expect(items).toHaveLength(250);
    for (const [index, item] of items.entries()) {
      expect(item?.['First']).toEqual(index % 10 === 0 ? { S: String(index / 10) } : undefined);
    }
    expect(await reader.read([])).toEqual([]);
  });

  it('asks again for keys that were left unread, and gives up when they always are', async () => {
    const leaving = (most: number) =>
      ({
        send: async (command: {
          readonly input: { readonly RequestItems: Record<string, { Keys: object[] }> };
        }) => {
          const { Keys = [] } = command.input.RequestItems['Ledger'] ?? {};
          return {
            Responses: { Ledger: Keys.slice(0, most) },
            UnprocessedKeys: Keys.length > most ? { Ledger: { Keys: Keys.slice(most) } } : {},
          };
        },
      }) as unknown as DynamoDBClient;
    const keys = Array.from({ length: 30 }, (_, index) => keyOf(index));
    const read = await createDynamoDbReader(leaving(7), { timeoutMs: 1 }).read(keys);
    expect(read.every((item) => item !== undefined)).toBe(true);
    await expect(createDynamoDbReader(leaving(0), { timeoutMs: 1 }).read(keys)).rejects.toThrow(
      'left 30 keys unread',
    );
  });

  it('takes no answer without items for a missing item', async () => {
    const cutOff = { send: async () => ({}) } as unknown as DynamoDBClient;
    await expect(createDynamoDbReader(cutOff, { timeoutMs: 1 }).read([keyOf(0)])).rejects.toThrow(
      'incomplete',
    );
  });
});
