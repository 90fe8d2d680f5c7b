import { CreateTableCommand, DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDynamoDbTransactions } from '../src/dynamodb/index.ts';
import { contractTables, describeTransactionContract } from './transaction-contract.ts';

const dynamodb = useDynamoDb();

/** A client as a function has it: one attempt, because commitBatch retries. */
function clientWith(config: DynamoDBClientConfig): DynamoDBClient {
  return new DynamoDBClient({
    region: 'us-east-1',
    credentials: dynamodb.credentials,
    maxAttempts: 1,
    ...config,
  });
}

beforeAll(async () => {
  for (const { name, key } of Object.values(contractTables)) {
    await dynamodb.client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
        KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
      }),
    );
  }
});

describeTransactionContract('DynamoDB', async () =>
  createDynamoDbTransactions(clientWith({ endpoint: dynamodb.endpoint })),
);

describe('createDynamoDbTransactions', () => {
  const timeoutMs = 20_000;
  const key = { Identifier: { S: 'a' } };

  it('refuses a client that retries by itself', async () => {
    const port = createDynamoDbTransactions(clientWith({ endpoint: dynamodb.endpoint, maxAttempts: 3 }));
    await expect(port.read({ table: 'Aggregates', key, timeoutMs })).rejects.toMatchObject({
      code: 'strategy-unusable',
    });
  });

  it('throws when the table is not there, because sending again would change nothing', async () => {
    const port = createDynamoDbTransactions(clientWith({ endpoint: dynamodb.endpoint }));
    await expect(port.read({ table: 'NoSuchTable', key, timeoutMs })).rejects.toMatchObject({
      code: 'transaction-refused',
    });
    const actions = [{ type: 'put', table: 'NoSuchTable', key, attributes: {} } as const];
    await expect(port.transact({ actions, timeoutMs })).rejects.toMatchObject({
      code: 'transaction-refused',
    });
  });

  it('reports a store that cannot be reached as unavailable', async () => {
    // Port 9 of the loopback address: nothing listens there.
    const port = createDynamoDbTransactions(clientWith({ endpoint: 'http://127.0.0.1:9' }));
    expect(await port.read({ table: 'Aggregates', key, timeoutMs })).toMatchObject({ code: 'unavailable' });
  });
});
