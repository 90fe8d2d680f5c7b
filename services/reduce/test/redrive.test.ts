/** Goal: rows of sums that the mapping has given up count once, whatever of them was added. Method: the function on a real engine. */
import { CreateTableCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { useDynamoDb } from '@oncefold/engines/vitest';
import type { Context, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { beforeAll, describe, expect, it, vi } from 'vitest';

const SHARD_ID = 'shardId-1';
const context = { getRemainingTimeInMillis: () => 30_000, awsRequestId: 'r' } as Context;
const tables = {
  AGGREGATE_TABLE: ['Identifier'],
  POSITION_TABLE: ['Position'],
  LEDGER_TABLE: ['Marker'],
  QUARANTINE_TABLE: ['Source', 'Part'],
  RECOUNT_TABLE: ['Identifier'],
} as const;

function row(sequence: number): DynamoDBRecord {
  const MessageId = { S: `row-${sequence}` };
  return {
    eventID: `event-${sequence}`,
    eventName: 'INSERT',
    eventSource: 'aws:dynamodb',
    eventSourceARN:
      'arn:aws:dynamodb:us-east-1:000000000000:table/ReduceTable/stream/2025-11-23T08:00:00.000',
    dynamodb: {
      Keys: { MessageId },
      // Sixty keys of its own and one that all have: a transaction holds one row.
      NewImage: { MessageId, Message: { S: JSON.stringify(sums(sequence)) } },
      SequenceNumber: String(sequence).padStart(21, '0'),
      ApproximateCreationDateTime: Math.floor(Date.now() / 1_000),
      StreamViewType: 'NEW_IMAGE',
    },
  };
}

function sums(sequence: number): Record<string, string> {
  const own = Array.from({ length: 60 }, (_, index) => [`${sequence}-${index}`, '1'] as const);
  return Object.fromEntries([...own, ['all', String(10n ** BigInt(sequence))]]);
}

const rows = (first: number, last: number): DynamoDBRecord[] =>
  Array.from({ length: last - first + 1 }, (_, index) => row(first + index));
const windowed = (Records: DynamoDBRecord[]): DynamoDBStreamEvent =>
  ({ Records, shardId: SHARD_ID, state: {}, window: {} }) as DynamoDBStreamEvent;
const redriven = (Records: DynamoDBRecord[]): DynamoDBStreamEvent =>
  ({ Records, redrive: { version: 1, shardId: SHARD_ID } }) as DynamoDBStreamEvent;

describe.each(['checkpoint', 'ledger'])('a redrive of the reduce function under %s', (Strategy) => {
  const dynamodb = useDynamoDb();
  let handler: typeof import('../src/handler.ts').handler;
  beforeAll(async () => {
    for (const [table, keys] of Object.entries(tables)) {
      process.env[table] = table;
      await dynamodb.client.send(
        new CreateTableCommand({
          TableName: table,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: keys.map((AttributeName) => ({
            AttributeName,
            AttributeType: AttributeName === 'Part' ? 'N' : 'S',
          })),
          KeySchema: keys.map((AttributeName, place) => ({
            AttributeName,
            KeyType: place === 0 ? 'HASH' : 'RANGE',
          })),
        }),
      );
    }
    Object.assign(process.env, {
      STRATEGY: Strategy,
      RANGE_MARKERS: 'true',
      CONSUMER: 'reduce',
      NAMESPACE: 'test',
      PARALLELIZATION_FACTOR: '1',
      LEDGER_RETENTION_SECONDS: '3600',
      POWERTOOLS_METRICS_NAMESPACE: 'Oncefold',
      POWERTOOLS_SERVICE_NAME: 'reduce',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
      AWS_ACCESS_KEY_ID: dynamodb.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: dynamodb.credentials.secretAccessKey,
    });
    vi.resetModules();
    ({ handler } = await import('../src/handler.ts'));
  });
  const total = async (): Promise<string | undefined> => {
    const { Items = [] } = await dynamodb.client.send(new ScanCommand({ TableName: 'AGGREGATE_TABLE' }));
    return Items.find((item) => item['Identifier']?.S === 'all')?.['Value']?.N;
  };

  it('adds the rows that were not added, once, in any cut', async () => {
    await handler(windowed(rows(1, 3)), context);
    await handler(windowed(rows(9, 10)), context);
    expect(await handler(redriven(rows(2, 8)), context)).toEqual({
      redriven: { records: 7, applied: 5, alreadyApplied: 2 },
    });
    await handler(redriven(rows(5, 9)), context);
    await handler(redriven(rows(1, 8)), context);
    await handler(windowed(rows(1, 10)), context);
    expect(await total()).toBe('11111111110');
  });

  it('leaves out of a row what a rebuild of a path has made up for', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const repairs = [{ number: now, path: '20-0', from: now + 7_200, to: now + 7_201 }];
    await dynamodb.client.send(
      new PutItemCommand({
        TableName: 'RECOUNT_TABLE',
        Item: {
          Identifier: { S: ':control' },
          Number: { N: String(now) },
          Owner: { S: 'a run' },
          State: { S: 'ended' },
          Repairs: { S: JSON.stringify(repairs) },
        },
      }),
    );
    await handler(redriven(rows(20, 20)), context);
    await handler(redriven(rows(20, 20)), context);
    const { Items = [] } = await dynamodb.client.send(new ScanCommand({ TableName: 'AGGREGATE_TABLE' }));
    const sums = new Map(Items.map((item) => [item['Identifier']?.S, item['Value']?.N]));
    expect(sums.get('20-1')).toBe('1');
    expect(sums.has('20-0')).toBe(false);
  });
});
