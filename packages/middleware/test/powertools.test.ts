// Goal: commitOnce does what it does beside the rest of Powertools, in one Middy chain, and beside BatchProcessor in one function.
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { KinesisDataStreamSchema } from '@aws-lambda-powertools/parser/schemas';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import middy from '@middy/core';
import { incrementEach, ledger } from '@oncefold/commit';
import { createMemoryTransactions } from '@oncefold/commit/memory';
import { commitOnce } from '@oncefold/middleware';
import { eachRecord } from '@oncefold/middleware/each-record';
import { one } from '@oncefold/reducer';
import type { Context, KinesisStreamEvent, SQSEvent } from 'aws-lambda';
import { expect, it, vi } from 'vitest';

const names = { namespace: 'n', consumer: 'c' };
const context = { awsRequestId: 'r', functionName: 'f', getRemainingTimeInMillis: () => 30_000 } as Context;
const event = {
  Records: [0, 1].map((index) => ({
    eventID: `shardId-000000000000:${index}`,
    eventName: 'aws:kinesis:record',
    eventSource: 'aws:kinesis',
    eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/orders',
    eventVersion: '1.0',
    awsRegion: 'us-east-1',
    invokeIdentityArn: 'arn:aws:iam::000000000000:role/orders',
    kinesis: {
      sequenceNumber: String(index),
      approximateArrivalTimestamp: 0,
      partitionKey: 'p',
      kinesisSchemaVersion: '1.0',
      data: Buffer.from('{"shelf":"a"}').toString('base64'),
    },
  })),
} as KinesisStreamEvent;

it('commits once beside Logger, Metrics, Tracer and the schemas of Parser, in one chain', async () => {
  vi.spyOn(console, 'log').mockReturnValue();
  const store = createMemoryTransactions({ now: () => 0 });
  const logger = new Logger();
  const metrics = new Metrics({ namespace: 'Shop', serviceName: 'orders' });
  const publish = vi.spyOn(metrics, 'addMetric');
  const fold = eachRecord(
    { quarantine: { ...names, table: 'Quarantine' } },
    (order) => new Map([[order.get('shelf').text(), one]]),
  );
  const handler = commitOnce(
    {
      transactions: store,
      strategy: ledger({ ...names, table: 'Ledger', now: () => 0 }),
      effect: incrementEach({ table: 'Orders', key: 'Shelf', attribute: 'Count' }),
      onCommitted: ({ applied, refused }) => {
        metrics.addMetric('OrdersCounted', MetricUnit.Count, applied.length - refused.length);
      },
    },
    middy<KinesisStreamEvent>()
      .use(captureLambdaHandler(new Tracer({ enabled: false }), { captureResponse: false }))
      .use(injectLambdaContext(logger))
      .handler(async (received) => {
        // Its transforms leave the event of the fold alone.
        KinesisDataStreamSchema.parse(received);
        return fold(received);
      }),
  );
  await handler(event, context);
  await handler(event, context);
  expect(store.get('Orders', { Shelf: { S: 'a' } })?.['Count']).toEqual({ N: '2' });
  expect(publish.mock.calls.map(([, , value]) => value)).toEqual([2, 0]);
  vi.restoreAllMocks();
});

it('leaves work that is no sum to BatchProcessor, which reports each message by itself', async () => {
  const messages = { Records: ['a', 'b'].map((messageId) => ({ messageId, body: messageId })) } as SQSEvent;
  const notify = async ({ body }: { readonly body: string }): Promise<void> => {
    if (body === 'b') {
      throw new Error('not sent');
    }
  };
  const processor = new BatchProcessor(EventType.SQS);
  expect(await processPartialResponse(messages, notify, processor, { context })).toEqual({
    batchItemFailures: [{ itemIdentifier: 'b' }],
  });
});
