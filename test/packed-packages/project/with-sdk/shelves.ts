import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { incrementEach, type Strategy } from '@oncefold/commit';
import { createDynamoDbTransactions } from '@oncefold/commit/dynamodb';
import { commitOnce } from '@oncefold/middleware';
import { parseDecimal } from '@oncefold/reducer';
import type { Context, KinesisStreamEvent } from 'aws-lambda';

/** Endpoint, Region and credentials come from the environment; the commit retries, and the client must not. */
export const client = new DynamoDBClient({ maxAttempts: 1 });

export async function createTable(name: string, key: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
      KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
    }),
  );
}

/** Delivers three records of 2.5 pieces each, and delivers them again, as after a lost answer. */
export async function deliverTwice(table: string, strategy: Strategy): Promise<string | undefined> {
  await createTable(table, 'Shelf');
  const effect = incrementEach({ table, key: 'Shelf', attribute: 'Pieces' });
  const transactions = createDynamoDbTransactions(client);
  const handler = commitOnce({ transactions, strategy, effect }, (event: KinesisStreamEvent) =>
    event.Records.map(() => ({ contribution: new Map([['A1', parseDecimal('2.5')]]) })),
  );
  const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
  await handler(batch(), context);
  await handler(batch(), context);
  const key = { Shelf: { S: 'A1' } };
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }),
  );
  return Item?.['Pieces']?.N;
}

function batch(): KinesisStreamEvent {
  const Records = ['1', '2', '3'].map((number) => ({
    eventID: `shardId-000000000000:${number}`,
    eventName: 'aws:kinesis:record',
    eventSource: 'aws:kinesis',
    eventSourceARN: 'arn:aws:kinesis:eu-west-1:123456789012:stream/deliveries',
    eventVersion: '1.0',
    awsRegion: 'eu-west-1',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/stock',
    kinesis: {
      approximateArrivalTimestamp: Date.now() / 1_000,
      data: 'e30=',
      kinesisSchemaVersion: '1.0',
      partitionKey: 'p',
      sequenceNumber: number,
    },
  }));
  return { Records };
}
