import { CreateTableCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { freshCredentials } from '../src/fresh-credentials.ts';
import { createLocalDynamoDb } from '../src/local-clients.ts';
import { useDynamoDb, useKinesis } from '../src/vitest.ts';

describe('useDynamoDb', () => {
  const dynamodb = useDynamoDb();

  it('gives an empty database that other access keys do not see', async () => {
    expect((await dynamodb.client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    await dynamodb.client.send(
      new CreateTableCommand({
        TableName: 'Own',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    const other = createLocalDynamoDb({ endpoint: dynamodb.endpoint, credentials: freshCredentials() });
    expect((await other.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    expect((await dynamodb.client.send(new ListTablesCommand({}))).TableNames).toEqual(['Own']);
    other.destroy();
  });
});

describe('useKinesis', () => {
  const kinesis = useKinesis();

  it('gives an empty Kinesis', async () => {
    expect((await kinesis.client.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
    await kinesis.client.send(new CreateStreamCommand({ StreamName: 'Own', ShardCount: 2 }));
    expect((await kinesis.client.send(new ListStreamsCommand({}))).StreamNames).toEqual(['Own']);
  });
});
