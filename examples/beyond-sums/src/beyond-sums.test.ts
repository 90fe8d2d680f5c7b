// Goal: what docs/maximum-latest-distinct.md says of values that no sum can hold.
// Method: its functions on DynamoDB Local; batches are redelivered, late and in another order.
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { createDynamoDbTransactions } from '@oncefold/commit/dynamodb';
import { createLocalClients, createLocalDynamoDb } from '@oncefold/engines';
import { useDynamoDb } from '@oncefold/engines/vitest';
import type { DynamoDBStreamEvent, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createDistinctVisitors, noteVisit } from './distinct-visitors.ts';
import { highestOpenOrder } from './highest-open-order.ts';
import { createPrices } from './prices.ts';

const database = useDynamoDb();
const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 60_000 };

async function createTable(
  name: string,
  keys: readonly string[],
  more: Partial<CreateTableCommandInput> = {},
): Promise<string> {
  const { TableDescription } = await database.client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map((key) => ({ AttributeName: key, AttributeType: 'S' })),
      KeySchema: keys.map((key, index) => ({ AttributeName: key, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
      ...more,
    }),
  );
  return TableDescription?.LatestStreamArn ?? '';
}

const transactionsOf = (): ReturnType<typeof createDynamoDbTransactions> => {
  const { endpoint, credentials } = database;
  return createDynamoDbTransactions(createLocalDynamoDb({ endpoint, credentials, maxAttempts: 1 }));
};

async function item(table: string, key: string, value: string): Promise<Record<string, unknown>> {
  const { Item = {} } = await database.client.send(
    new GetItemCommand({ TableName: table, Key: { [key]: { S: value } }, ConsistentRead: true }),
  );
  return Item;
}

describe('createPrices', () => {
  const sale = (number: number, content: object): KinesisStreamRecord =>
    ({
      eventID: `shardId-000000000000:${number}`,
      eventSource: 'aws:kinesis',
      eventSourceARN: 'arn:aws:kinesis:eu-central-1:111122223333:stream/Sales',
      kinesis: {
        sequenceNumber: String(number),
        approximateArrivalTimestamp: Date.now() / 1000,
        data: Buffer.from(JSON.stringify({ symbol: 'ONCE', ...content })).toString('base64'),
      },
    }) as KinesisStreamRecord;
  const first = sale(1, { price: 12.5, volume: 100, time: '2026-01-01T10:00:00Z' });
  const second = sale(2, { price: 99.99, volume: 10, time: '2026-01-01T10:00:01Z' });
  const third = sale(3, { price: 9, volume: 1, time: '2026-01-01T10:00:02Z' });
  const late = sale(4, { price: 50, volume: 1000, time: '2026-01-01T09:00:00Z' });

  it('keeps the highest, the lowest and the latest price beside an exact sum, whatever is redelivered and in which order', async () => {
    await createTable('Prices', ['Symbol']);
    await createTable('Ledger', ['Marker']);
    const handler = createPrices({ dynamodb: database.client, transactions: transactionsOf() });
    const batches: KinesisStreamRecord[][] = [[first, second], [third], [first], [second, third], [late]];
    for (const Records of batches) {
      await handler({ Records } as KinesisStreamEvent, context);
    }
    expect(await item('Prices', 'Symbol', 'ONCE')).toMatchObject({
      Highest: { N: '99.99' },
      Lowest: { N: '9' },
      Latest: { N: '9' },
      Volume: { N: '1111' },
    });
  });
});

describe('createDistinctVisitors', () => {
  it('counts each visitor of a page once, and no longer when they are forgotten', async () => {
    const stream = await createTable('Visitors', ['Page', 'Visitor'], {
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    await createTable('Pages', ['Page']);
    for (const visitor of ['ann', 'bob', 'ann', 'ann', 'eve', 'bob']) {
      await noteVisit(database.client, { page: '/docs', visitor });
    }
    await database.client.send(
      new DeleteItemCommand({ TableName: 'Visitors', Key: { Page: { S: '/docs' }, Visitor: { S: 'eve' } } }),
    );
    const handler = createDistinctVisitors({ transactions: transactionsOf() });
    const event = await readStream(stream);
    await handler(event, context);
    await handler({ Records: event.Records.slice(1) }, context);
    expect(event.Records.map(({ eventName }) => eventName)).toEqual(['INSERT', 'INSERT', 'INSERT', 'REMOVE']);
    expect(await item('Pages', 'Page', '/docs')).toMatchObject({ Visitors: { N: '2' } });
  });

  async function readStream(arn: string): Promise<DynamoDBStreamEvent> {
    const { endpoint, credentials } = database;
    const { dynamodbStreams } = createLocalClients({
      credentials,
      dynamodbEndpoint: endpoint,
      kinesisEndpoint: endpoint,
    });
    const { StreamDescription } = await dynamodbStreams.send(new DescribeStreamCommand({ StreamArn: arn }));
    const { ShardIterator } = await dynamodbStreams.send(
      new GetShardIteratorCommand({
        StreamArn: arn,
        ShardId: StreamDescription?.Shards?.[0]?.ShardId,
        ShardIteratorType: 'TRIM_HORIZON',
      }),
    );
    const { Records = [] } = await dynamodbStreams.send(new GetRecordsCommand({ ShardIterator }));
    return {
      Records: Records.map(({ eventID, eventName, dynamodb }) => ({
        eventID,
        eventName,
        eventSource: 'aws:dynamodb',
        eventSourceARN: arn,
        dynamodb: { ...dynamodb, ApproximateCreationDateTime: Date.now() / 1000 },
      })),
    } as DynamoDBStreamEvent;
  }
});

describe('highestOpenOrder', () => {
  it('is the next one when the highest order is cancelled', async () => {
    await createTable('OpenOrders', ['OrderId'], {
      AttributeDefinitions: [
        { AttributeName: 'OrderId', AttributeType: 'S' },
        { AttributeName: 'Region', AttributeType: 'S' },
        { AttributeName: 'Amount', AttributeType: 'N' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'ByAmount',
          KeySchema: [
            { AttributeName: 'Region', KeyType: 'HASH' },
            { AttributeName: 'Amount', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    });
    for (const [id, amount] of [
      ['a', '9.5'],
      ['b', '120'],
      ['c', '35'],
    ] as const) {
      const Item = { OrderId: { S: id }, Region: { S: 'eu' }, Amount: { N: amount } };
      await database.client.send(new PutItemCommand({ TableName: 'OpenOrders', Item }));
    }
    expect(await highestOpenOrder(database.client, 'eu')).toBe('120');
    await database.client.send(
      new DeleteItemCommand({ TableName: 'OpenOrders', Key: { OrderId: { S: 'b' } } }),
    );
    expect(await highestOpenOrder(database.client, 'eu')).toBe('35');
    expect(await highestOpenOrder(database.client, 'us')).toBeUndefined();
  });
});
