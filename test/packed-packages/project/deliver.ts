import { requestToken } from '@oncefold/request-token';
import type { Context, KinesisStreamEvent } from 'aws-lambda';
import { handler as nameBatch } from './name.ts';
import { handler as keepStock, transactions } from './stock.ts';

const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
const stream = 'arn:aws:kinesis:eu-west-1:123456789012:stream/deliveries';
const shard = 'shardId-000000000000';

/** Three pieces per record come to the shelf, a tenth of one goes. */
function batch(...numbers: number[]): KinesisStreamEvent {
  const record = (number: number) => ({
    eventID: `${shard}:${number}`,
    eventName: 'aws:kinesis:record',
    eventSource: 'aws:kinesis',
    eventSourceARN: stream,
    eventVersion: '1.0',
    awsRegion: 'eu-west-1',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/stock',
    kinesis: {
      approximateArrivalTimestamp: Date.now() / 1_000,
      data: Buffer.from(JSON.stringify({ shelf: `A${number % 2}`, pieces: 2.9 })).toString('base64'),
      kinesisSchemaVersion: '1.0',
      partitionKey: 'p',
      sequenceNumber: String(number),
    },
  });
  return { Records: numbers.map(record) };
}

// The same records are delivered again in other batches, as after a lost answer.
await keepStock(batch(1, 2, 3), context);
await keepStock(batch(1, 2), context);
await keepStock(batch(3, 4), context);

const name = await nameBatch(batch(1, 2), context);
const expectedName = requestToken({
  namespace: 'warehouse',
  consumer: 'stock',
  source: stream,
  recordIds: [`${shard}:1`, `${shard}:2`],
});
console.log(JSON.stringify({ stock: transactions.items('Stock'), isNameRight: name === expectedName }));
