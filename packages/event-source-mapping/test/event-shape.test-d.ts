import type {
  DynamoDBRecord,
  KinesisStreamEvent,
  KinesisStreamRecord,
  KinesisStreamTumblingWindowEvent,
} from 'aws-lambda';
import type { DynamoDbEventRecord, KinesisEventRecord, StreamEvent, TimeWindowEvent } from '../src/types.ts';

/** Compiles only if the first type can be used where the second is asked for. */
type Assert<Given extends Asked, Asked> = Given;

type Mutable<T> = { -readonly [Name in keyof T]: Mutable<T[Name]> };

type KinesisEvent = Mutable<Omit<StreamEvent, 'Records'>> & { Records: KinesisEventRecord[] };
type KinesisWindowEvent = Mutable<Omit<TimeWindowEvent, 'Records'>> & { Records: KinesisEventRecord[] };

export type Kinesis = Assert<KinesisEventRecord, KinesisStreamRecord>;
export type KinesisBatch = Assert<KinesisEvent, KinesisStreamEvent>;
export type KinesisWindow = Assert<KinesisWindowEvent, KinesisStreamTumblingWindowEvent>;
// Values of attributes and names of events are looser here: they are passed on as the stream has them.
export type DynamoDb = Assert<
  Omit<DynamoDbEventRecord, 'dynamodb' | 'eventName'>,
  Omit<DynamoDBRecord, 'dynamodb' | 'eventName'>
>;
export type DynamoDbFields = Assert<
  keyof DynamoDbEventRecord['dynamodb'],
  keyof NonNullable<DynamoDBRecord['dynamodb']>
>;

// @ts-expect-error -- a record without its payload must not pass, or these checks check nothing.
export type Wrong = Assert<Omit<KinesisEventRecord, 'kinesis'>, KinesisStreamRecord>;
