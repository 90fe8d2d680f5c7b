import middy from '@middy/core';
import { checkpoint, incrementEach, requestTokenStrategy, type Strategy } from '@oncefold/commit';
import { createMemoryTransactions } from '@oncefold/commit/memory';
import { parseDecimal } from '@oncefold/reducer';
import type {
  APIGatewayProxyEvent,
  DynamoDBStreamEvent,
  DynamoDBStreamHandler,
  EventBridgeEvent,
  Handler,
  KinesisStreamEvent,
  KinesisStreamHandler,
  KinesisStreamTumblingWindowEvent,
  KinesisStreamTumblingWindowHandler,
  MSKEvent,
  S3Event,
  SNSEvent,
  SQSEvent,
  SQSHandler,
} from 'aws-lambda';
import { commitOnce } from './commit-once.ts';
import { requestToken } from './request-token.ts';

const options = {
  transactions: createMemoryTransactions({ now: () => 0 }),
  strategy: requestTokenStrategy({ namespace: 'n', consumer: 'c' }),
  effect: incrementEach({ table: 't', key: 'k', attribute: 'a' }),
};
const one = parseDecimal('1');
const nothing: { contribution: ReadonlyMap<string, typeof one> }[] = [];

// What a team writes, with and without Middy, is a handler that Lambda takes.
export const plain: Handler<KinesisStreamEvent> = commitOnce(options, async (event: KinesisStreamEvent) =>
  event.Records.map(({ kinesis }) => ({ contribution: new Map([[kinesis.partitionKey, one]]) })),
);
export const inMiddy: Handler<DynamoDBStreamEvent> = commitOnce(
  { ...options, recordId: (record) => record.eventID },
  middy<DynamoDBStreamEvent>().handler(async (event) =>
    event.Records.map((record) => ({ contribution: new Map([[record.eventName ?? '', one]]) })),
  ),
);
commitOnce(options, (_event: KinesisStreamEvent) => nothing);
export const kinesis: KinesisStreamHandler = commitOnce(options, (_event: KinesisStreamEvent) => nothing);
export const dynamodb: DynamoDBStreamHandler = commitOnce(options, (_event: DynamoDBStreamEvent) => nothing);
export const tumbling: KinesisStreamTumblingWindowHandler = commitOnce(
  options,
  (_event: KinesisStreamTumblingWindowEvent) => nothing,
);

export const queue: SQSHandler = commitOnce(
  { ...options, partialResponses: true, recordId: (message) => message.body },
  (_event: SQSEvent) => nothing,
);

// @ts-expect-error a fold that returns nothing
commitOnce(options, async (_event: KinesisStreamEvent) => {});
// @ts-expect-error a plain object for a map
commitOnce(options, async (_event: KinesisStreamEvent) => [{ contribution: { a: one } }]);
// @ts-expect-error a bigint that is no decimal: 5n would be 0.000000000005
commitOnce(options, async (_event: KinesisStreamEvent) => [{ contribution: new Map([['a', 5n]]) }]);
// @ts-expect-error a JavaScript number
commitOnce(options, async (_event: KinesisStreamEvent) => [{ contribution: new Map([['a', 1]]) }]);
// @ts-expect-error an action that nobody knows
commitOnce(options, async (_event: KinesisStreamEvent) => [
  { contribution: new Map(), writes: [{ type: 'delete' }] },
]);
// @ts-expect-error an event of API Gateway
commitOnce(options, async (_event: APIGatewayProxyEvent) => nothing);
// @ts-expect-error no fold: it is no middleware
commitOnce(options);

middy<DynamoDBStreamEvent>()
  .use(requestToken({ namespace: 'n', consumer: 'c' }))
  .handler(async (_event, context): Promise<string | undefined> => context.clientRequestToken);

const positions = checkpoint({
  namespace: 'n',
  consumer: 'c',
  table: 'Positions',
  startsTable: 'Ledger',
  parallelizationFactor: 1,
});
const byPosition = { ...options, strategy: positions };
const ofAnyKind: Strategy = positions;

// A strategy that is chosen at run time is checked when the function starts.
commitOnce(
  { ...options, strategy: ofAnyKind, recordId: (record) => record.eventID },
  (_: KinesisStreamEvent) => nothing,
);
commitOnce({ ...options, source: 'orders' }, (_: KinesisStreamEvent) => nothing);
commitOnce(byPosition, (_: KinesisStreamEvent) => nothing);
commitOnce(byPosition, (_: DynamoDBStreamEvent) => nothing);

// @ts-expect-error checkpoint knows records by their place: an id of one's own would have no effect
commitOnce({ ...byPosition, recordId: () => 'order-1' }, (_: KinesisStreamEvent) => nothing);
// @ts-expect-error checkpoint knows shards by their stream: one name for two streams would lose records
commitOnce({ ...byPosition, source: 'orders' }, (_: KinesisStreamEvent) => nothing);
// @ts-expect-error an SQS message has no place in a shard
commitOnce(byPosition, (_: SQSEvent) => nothing);
// @ts-expect-error a stream delivers the whole batch again
commitOnce({ ...options, partialResponses: true }, (_: KinesisStreamEvent) => nothing);
// @ts-expect-error an event of a bucket
commitOnce(options, (_: S3Event) => nothing);
// @ts-expect-error an event of a topic
commitOnce(options, (_: SNSEvent) => nothing);
// @ts-expect-error an event of Kafka
commitOnce(options, (_: MSKEvent) => nothing);
// @ts-expect-error an event of EventBridge
commitOnce(options, (_: EventBridgeEvent<'Order', object>) => nothing);

// @ts-expect-error a message has no place in a shard, also where the event is named
commitOnce<SQSEvent>({ ...options, strategy: positions }, () => nothing);
commitOnce<KinesisStreamEvent>({ ...options, strategy: positions }, () => nothing);
