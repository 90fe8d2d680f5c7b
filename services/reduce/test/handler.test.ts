/** Goal: no row that another program wrote stops the stage. Method: the function as it is deployed, on a real engine. */
import { CreateTableCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { useDynamoDb } from '@oncefold/engines/vitest';
import type { Context, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';

const dynamodb = useDynamoDb();
const tables = {
  AGGREGATE_TABLE: ['Identifier'],
  POSITION_TABLE: ['Position'],
  LEDGER_TABLE: ['Marker'],
  QUARANTINE_TABLE: ['Source', 'Part'],
  RECOUNT_TABLE: ['Identifier'],
} as const;
const context = { getRemainingTimeInMillis: () => 30_000, awsRequestId: 'r' } as Context;
let handler: typeof import('../src/handler.ts').handler;

beforeAll(async () => {
  for (const [table, keys] of Object.entries(tables)) {
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
    process.env[table] = table;
  }
  Object.assign(process.env, {
    CONSUMER: 'reduce',
    NAMESPACE: 'test',
    STRATEGY: 'ledger',
    PARALLELIZATION_FACTOR: '1',
    LEDGER_RETENTION_SECONDS: '3600',
    POWERTOOLS_METRICS_NAMESPACE: 'Oncefold',
    POWERTOOLS_SERVICE_NAME: 'reduce',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    AWS_ACCESS_KEY_ID: dynamodb.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: dynamodb.credentials.secretAccessKey,
  });
  ({ handler } = await import('../src/handler.ts'));
});

let sequence = 0;
function row(name: string, message: string): DynamoDBRecord {
  sequence += 1;
  const MessageId = { S: name };
  return {
    eventID: `event-${sequence}`,
    eventName: 'INSERT',
    eventSource: 'aws:dynamodb',
    eventSourceARN:
      'arn:aws:dynamodb:us-east-1:000000000000:table/ReduceTable/stream/2025-11-23T08:00:00.000',
    dynamodb: {
      Keys: { MessageId },
      NewImage: { MessageId, Message: { S: message } },
      SequenceNumber: String(sequence).padStart(21, '0'),
      ApproximateCreationDateTime: Math.floor(Date.now() / 1_000),
      StreamViewType: 'NEW_IMAGE',
    },
  };
}

async function handleTwice(...Records: DynamoDBRecord[]): Promise<void> {
  const event: DynamoDBStreamEvent = { Records };
  await handler(event, context);
  await handler(event, context);
}

async function aggregate(name: string): Promise<string | undefined> {
  const { Items = [] } = await dynamodb.client.send(new ScanCommand({ TableName: 'AGGREGATE_TABLE' }));
  return Items.find((item) => item['Identifier']?.S === name)?.['Value']?.N;
}

async function quarantinedReasons(): Promise<readonly (string | undefined)[]> {
  const { Items = [] } = await dynamodb.client.send(new ScanCommand({ TableName: 'QUARANTINE_TABLE' }));
  return Items.map((item) => item['Reason']?.S);
}

describe('reduce handler on DynamoDB', () => {
  it('adds a row behind two that no aggregate could hold, and quarantines these', async () => {
    const huge = '9'.repeat(26);
    await handleTwice(
      row('foreign-1', `{"A":"${huge}"}`),
      row('foreign-2', `{"A":"${huge}"}`),
      row('map-1', '{"A":"1"}'),
    );
    expect(await aggregate('A')).toBe('1');
    expect(await quarantinedReasons()).toEqual(['out-of-range', 'out-of-range']);
  });

  it('adds a row behind one that was deleted and written again with other sums, and quarantines the second', async () => {
    await handleTwice(row('again', '{"B":"1"}'), row('again', '{"B":"2"}'), row('map-2', '{"B":"10"}'));
    expect(await aggregate('B')).toBe('11');
    expect(await quarantinedReasons()).toContain('name-used-twice');
  });

  it('counts rows once whose names are as long as a key may be', async () => {
    const name = 'n'.repeat(2_047);
    await handleTwice(row(`${name}1`, '{"C":"1"}'), row(`${name}2`, '{"C":"2"}'));
    expect(await aggregate('C')).toBe('3');
  });
});
