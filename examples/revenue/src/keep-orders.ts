import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { quarantineRecord } from '@oncefold/middleware/quarantine';
import { type ExactJson, parseJsonExact, timeBucket } from '@oncefold/reducer';
import { type RequestClock, systemRequestClock, upsertNewest } from '@oncefold/versioned-upsert';
import { versionedTable } from '@oncefold/versioned-upsert/dynamodb';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { shareOf } from './revenue.ts';

const quarantine = { namespace: 'shop', consumer: 'keep-orders', table: 'Quarantine' };

/** Keeps the newest version of each order, in whatever order corrections and cancellations arrive. */
export function createKeepOrders(
  client: Pick<DynamoDBClient, 'send'>,
  clock: RequestClock = systemRequestClock,
) {
  const orders = versionedTable({
    client,
    table: 'Orders',
    key: { OrderId: 'S' },
    version: { name: 'Version', type: 'N' },
    attributes: ['Region', 'Day', 'Amount'],
    tombstone: { attribute: 'Cancelled', expiry: { attribute: 'ExpiresAt', afterSeconds: 30 * 86_400 } },
    now: () => clock.now(),
  });
  const onRefused = async ({ record, reason }: { record: KinesisStreamRecord; reason: string }) => {
    const { preparatoryWrites, writes } = quarantineRecord(record, { reason, detail: '' }, quarantine);
    for (const { table, key, attributes } of [...preparatoryWrites, ...writes]) {
      await client.send(new PutItemCommand({ TableName: table, Item: { ...key, ...attributes } }));
    }
  };
  return upsertNewest({ table: orders, clock, onRefused }, ({ Records }: KinesisStreamEvent) =>
    Records.map(({ kinesis }) => {
      try {
        return versionOf(parseJsonExact(Buffer.from(kinesis.data, 'base64').toString()));
      } catch {
        return { invalid: 'no-order' };
      }
    }),
  );
}

/** Throws where an order is none, or could not be summed. */
function versionOf(order: ExactJson) {
  const version = {
    key: { OrderId: order.get('orderId').text() },
    version: order.get('version').numberText(),
  };
  if (order.get('status').text() === 'cancelled') {
    return { ...version, removed: true };
  }
  const attributes = {
    Region: { S: order.get('region').text() },
    Day: { S: timeBucket(new Date(order.get('placedAt').text()), 'day') },
    Amount: { N: order.get('amount').numberText() },
  };
  shareOf(attributes, 1);
  return { ...version, attributes };
}
