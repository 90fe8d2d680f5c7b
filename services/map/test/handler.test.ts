import { CreateTableCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { useDynamoDb } from '@oncefold/engines/vitest';
import type { Context, DynamoDBStreamEvent } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';

const dynamodb = useDynamoDb();
const tables = { REDUCE_TABLE: 'MessageId', POSITION_TABLE: 'Position', LEDGER_TABLE: 'Marker' };
let handler: typeof import('../src/handler.ts').handler;

beforeAll(async () => {
  for (const [table, key] of Object.entries(tables)) {
    await dynamodb.client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
        KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
      }),
    );
    process.env[table] = table;
  }
  await dynamodb.client.send(
    new CreateTableCommand({
      TableName: 'QUARANTINE_TABLE',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'Source', AttributeType: 'S' },
        { AttributeName: 'Part', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'Source', KeyType: 'HASH' },
        { AttributeName: 'Part', KeyType: 'RANGE' },
      ],
    }),
  );
  Object.assign(process.env, {
    CONSUMER: 'map',
    NAMESPACE: 'test',
    STRATEGY: 'checkpoint',
    STATE_TABLE: 'StateTable',
    QUARANTINE_TABLE: 'QUARANTINE_TABLE',
    LEDGER_RETENTION_SECONDS: '3600',
    HIERARCHY_DIMENSIONS: 'RiskType,TradeDesk,Region',
    POWERTOOLS_METRICS_NAMESPACE: 'Oncefold',
    POWERTOOLS_SERVICE_NAME: 'map',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    AWS_ACCESS_KEY_ID: dynamodb.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: dynamodb.credentials.secretAccessKey,
  });
  ({ handler } = await import('../src/handler.ts'));
});

const context = { getRemainingTimeInMillis: () => 30_000, awsRequestId: 'r' } as Context;

function event(...changes: { sequence: number; value: string; region?: string }[]): DynamoDBStreamEvent {
  const records = changes.map(({ sequence, value, region = 'EMEA' }) => ({
    eventID: `event-${sequence}`,
    eventName: 'INSERT' as const,
    dynamodb: {
      SequenceNumber: String(sequence).padStart(21, '0'),
      ApproximateCreationDateTime: 1_763_884_800,
      NewImage: {
        id: { S: `trade-${sequence}` },
        Version: { N: '0' },
        Value: { N: value },
        Hierarchy: { S: JSON.stringify({ Region: region, RiskType: 'PV', TradeDesk: 'FXSpot' }) },
        Timestamp: { N: '1763884800' },
      },
    },
  }));
  return {
    Records: records,
    shardId: 'shardId-1',
    state: {},
    window: {},
    isFinalInvokeForWindow: false,
  } as never;
}

const rows = async () =>
  (await dynamodb.client.send(new ScanCommand({ TableName: 'REDUCE_TABLE' }))).Items ?? [];

describe('map handler on DynamoDB', () => {
  it('writes one row of sums per batch, once, in whatever cut the records come again', async () => {
    const [first, second, third] = [1, 2, 3].map((sequence) => ({ sequence, value: '0.1' }));
    if (first === undefined || second === undefined || third === undefined) throw new Error('three changes');
    expect(await handler(event(first, second), context)).toMatchObject({ state: {} });
    await handler(event(first, second), context);
    await handler(event(first), context);
    await handler(event(second, third), context);
    const written = await rows();
    expect(written.map((row) => row['MessageId']?.S).sort()).toEqual([
      'map#shardId-1#000000000000000000002',
      'map#shardId-1#000000000000000000003',
    ]);
    expect(written.map((row) => JSON.parse(row['Message']?.S ?? '')['PV']).sort()).toEqual(['0.1', '0.2']);
    expect(written.every((row) => row['ExpiresAt']?.N === String(1_763_884_800 + 3600))).toBe(true);
  });

  it('cuts a batch of 300 nodes into rows of at most 80, each of them parent = sum of children', async () => {
    const before = (await rows()).length;
    const changes = Array.from({ length: 300 }, (_, index) => ({
      sequence: 100 + index,
      value: '1',
      region: `R${index}`,
    }));
    await handler(event(...changes), context);
    const messages = (await rows())
      .map((row): Record<string, string> => JSON.parse(row['Message']?.S ?? ''))
      .filter((message) => Object.keys(message).some((node) => /:R\d+$/.test(node)));
    expect((await rows()).length - before).toBe(messages.length);
    expect(messages.length).toBeGreaterThanOrEqual(4);
    for (const message of messages) {
      const leaves = Object.keys(message).filter((node) => node.split(':').length === 3);
      expect(Object.keys(message).length).toBeLessThanOrEqual(80);
      expect(message['PV']).toBe(String(leaves.length));
      expect(message['PV:FXSpot']).toBe(String(leaves.length));
      expect(message['message_count']).toBe(String(leaves.length));
    }
    expect(messages.reduce((sum, message) => sum + Number(message['message_count']), 0)).toBe(300);
  });

  it('keeps a change that is no trade in quarantine, in the same commit', async () => {
    await handler(event({ sequence: 900, value: '1', region: 'a:b' }), context);
    const items =
      (await dynamodb.client.send(new ScanCommand({ TableName: 'QUARANTINE_TABLE' }))).Items ?? [];
    expect(items).toMatchObject([
      { Source: { S: 'StateTable#event-900' }, Reason: { S: 'forbidden-separator' } },
    ]);
  });

  it('refuses a batch without a shard id, because the position of what would it be', async () => {
    const { Records } = event({ sequence: 999, value: '1' });
    await expect(handler({ Records }, context)).rejects.toThrow(/tumbling window/);
  });
});
