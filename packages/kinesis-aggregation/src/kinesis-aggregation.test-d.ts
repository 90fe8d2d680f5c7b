import type {
  DynamoDBStreamEvent,
  KinesisStreamEvent,
  KinesisStreamTumblingWindowEvent,
  SQSEvent,
} from 'aws-lambda';
import { type AggregateResult, deaggregate, readAggregate } from './index.ts';

declare const event: KinesisStreamEvent;
declare const windowed: KinesisStreamTumblingWindowEvent;

// What is unpacked is an event like the one that came, with its window where it has one.
export const unpacked: KinesisStreamEvent = deaggregate(event);
export const window: KinesisStreamTumblingWindowEvent = deaggregate(windowed);
export const place: number | undefined = deaggregate(event).Records[0]?.kinesis.subSequenceNumber;
export const result: AggregateResult = readAggregate(new Uint8Array());

// @ts-expect-error an event of DynamoDB Streams has no aggregates
deaggregate({} as DynamoDBStreamEvent);
// @ts-expect-error an event of a queue
deaggregate({} as SQSEvent);
// @ts-expect-error base64 has to be decoded first
readAggregate('84mawg==');
// @ts-expect-error records are there only where the result is an aggregate
readAggregate(new Uint8Array()).records;
// @ts-expect-error an ordinary record has no place in an aggregate
export const always: number = deaggregate(event).Records[0]?.kinesis.subSequenceNumber;
