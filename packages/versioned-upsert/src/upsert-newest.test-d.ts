import middy from '@middy/core';
import type {
  APIGatewayProxyEvent,
  DynamoDBStreamHandler,
  Handler,
  KinesisStreamEvent,
  KinesisStreamHandler,
  KinesisStreamTumblingWindowEvent,
  KinesisStreamTumblingWindowHandler,
  MSKEvent,
  SNSEvent,
  SQSEvent,
  SQSHandler,
} from 'aws-lambda';
import { createMemoryTable } from './memory/index.ts';
import { upsertNewest } from './upsert-newest.ts';

const table = createMemoryTable({
  key: { OrderId: 'S', Line: 'N' },
  version: { name: 'UpdatedAt', type: 'S', bytes: 24 },
  attributes: ['Region', 'Amount'],
  tombstone: { attribute: 'Cancelled' },
});
const key = { OrderId: 'a', Line: 1n };
const version = '2026-01-01T00:00:00.000Z';
const options = { table, onRefused: 'fail' } as const;
const amount = { Amount: { N: '1.5' } };

// What a team writes, with and without Middy, is a handler that Lambda takes.
export const kinesis: KinesisStreamHandler = upsertNewest(options, (event) =>
  event.Records.map(() => ({ key, version, attributes: amount })),
);
export const stream: DynamoDBStreamHandler = upsertNewest(options, () => [
  { key, version, removed: true },
  { invalid: 'no order' },
]);
export const queue: SQSHandler = upsertNewest(
  { ...options, onRefused: async ({ record, reason }) => console.log(record.messageId, reason) },
  (event: SQSEvent) => event.Records.map(({ body }) => JSON.parse(body)),
);
export const tumbling: KinesisStreamTumblingWindowHandler = upsertNewest(
  options,
  (_event: KinesisStreamTumblingWindowEvent) => [],
);
export const inMiddy: Handler<KinesisStreamEvent> = upsertNewest(
  options,
  middy<KinesisStreamEvent>().handler(async () => [{ key, version, attributes: amount }]),
);

// @ts-expect-error an attribute that is not declared
upsertNewest(options, (_event: SQSEvent) => [{ key, version, attributes: { Amout: { N: '1' } } }]);
// @ts-expect-error a value that is no attribute value
upsertNewest(options, (_event: SQSEvent) => [{ key, version, attributes: { Amount: 1 } }]);
// @ts-expect-error a version that is a number, where the table has text
upsertNewest(options, (_event: SQSEvent) => [{ key, version: 1, attributes: amount }]);
// @ts-expect-error a key without its sort key
upsertNewest(options, (_event: SQSEvent) => [{ key: { OrderId: 'a' }, version, attributes: amount }]);
// @ts-expect-error a key of another type
upsertNewest(options, (_event: SQSEvent) => [{ key: { ...key, OrderId: 1 }, version, attributes: amount }]);
// @ts-expect-error nothing for a record
upsertNewest(options, (_event: SQSEvent) => [undefined]);
// @ts-expect-error no choice what happens to refused records
upsertNewest({ table }, (_event: SQSEvent) => []);
// @ts-expect-error an event of API Gateway
upsertNewest(options, (_event: APIGatewayProxyEvent) => []);
// @ts-expect-error an event of SNS
upsertNewest(options, (_event: SNSEvent) => []);
// @ts-expect-error an event of Kafka
upsertNewest(options, (_event: MSKEvent) => []);

const withoutTombstones = createMemoryTable({
  key: { OrderId: 'S' },
  version: { name: 'Version', type: 'N' },
  attributes: ['Amount'],
});
// @ts-expect-error a removal, for which the table has no tombstones
upsertNewest({ table: withoutTombstones, onRefused: 'fail' }, (_event: SQSEvent) => [
  { key: { OrderId: 'a' }, version: 1, removed: true },
]);
// @ts-expect-error text without its length
createMemoryTable({ key: { Id: 'S' }, version: { name: 'At', type: 'S' }, attributes: [] });
// @ts-expect-error a type that no key has
createMemoryTable({ key: { Id: 'BOOL' }, version: { name: 'Version', type: 'N' }, attributes: [] });
