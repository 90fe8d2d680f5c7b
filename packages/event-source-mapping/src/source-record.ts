import { utf8Length } from '@oncefold/reducer';
import { encodeBase64 } from './base64.ts';
import type { DynamoDbEventRecord, EventAttributes } from './event-types.ts';
import type { MappingSource } from './settings-types.ts';
import type { DateLike, DynamoDbSourceRecord, KinesisSourceRecord } from './types.ts';

/** A record as it waits in the machine: its text in the event, and what decides over it. */
export interface EventText {
  /** The record as JSON, as it stands in the event. */
  readonly json: string;
  /** UTF-8 bytes of `json`. */
  readonly bytes: number;
  readonly sequenceNumber: string;
  readonly arrivalMs: number;
  /** Records with the same key stay in order. */
  readonly orderingKey: string;
}

/** Thrown when a driver hands over a record without the fields that the stream's API promises. */
export class SourceRecordError extends Error {
  override readonly name = 'SourceRecordError';
  readonly code = 'incomplete-source-record';
  /** Name of the missing field. */
  readonly field: string;

  constructor(field: string) {
    super(`the source record has no ${field}`);
    this.field = field;
  }
}

/**
 * Writes a Kinesis record as Lambda sends it.
 *
 * Pieced together as text, because everything but the partition key is plain ASCII and this runs once per record.
 *
 * @throws {@link SourceRecordError} when a field is missing
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
export function kinesisEventText(
  record: KinesisSourceRecord,
  shardId: string,
  source: MappingSource,
): EventText {
  const sequenceNumber = present(record.SequenceNumber, 'SequenceNumber');
  const orderingKey = present(record.PartitionKey, 'PartitionKey');
  const data = base64(present(record.Data, 'Data'));
  const arrivalMs = milliseconds(present(record.ApproximateArrivalTimestamp, 'ApproximateArrivalTimestamp'));
  const key = JSON.stringify(orderingKey);
  const before = '{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":';
  const after =
    `,"sequenceNumber":"${sequenceNumber}","data":"${data}",` +
    `"approximateArrivalTimestamp":${arrivalMs / 1000}},` +
    `"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"${shardId}:${sequenceNumber}",` +
    `"eventName":"aws:kinesis:record","invokeIdentityArn":${JSON.stringify(source.invokeIdentityArn ?? '')},` +
    `"awsRegion":"${source.region}","eventSourceARN":"${source.arn}"}`;
  const bytes = before.length + utf8Length(key) + after.length;
  return { json: before + key + after, bytes, sequenceNumber, arrivalMs, orderingKey };
}

/**
 * Makes a DynamoDB stream record as Lambda sends it.
 *
 * Region, event source and version are Lambda's, whatever a local engine writes there.
 *
 * @throws {@link SourceRecordError} when a field is missing
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export function dynamoDbEventRecord(
  record: DynamoDbSourceRecord,
  source: MappingSource,
): DynamoDbEventRecord {
  const change = present(record.dynamodb, 'dynamodb');
  const created = present(change.ApproximateCreationDateTime, 'ApproximateCreationDateTime');
  // SDK and wire spell the members differently.
  const { type, Type = type, principalId, PrincipalId = principalId } = record.userIdentity ?? {};
  return {
    eventID: present(record.eventID, 'eventID'),
    eventName: present(record.eventName, 'eventName'),
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: source.region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(milliseconds(created) / 1000),
      ...(change.Keys && { Keys: attributes(change.Keys) }),
      ...(change.NewImage && { NewImage: attributes(change.NewImage) }),
      ...(change.OldImage && { OldImage: attributes(change.OldImage) }),
      SequenceNumber: present(change.SequenceNumber, 'SequenceNumber'),
      ...(change.SizeBytes !== undefined && { SizeBytes: change.SizeBytes }),
      ...(change.StreamViewType !== undefined && { StreamViewType: change.StreamViewType }),
    },
    ...(PrincipalId !== undefined && {
      userIdentity: { type: Type ?? 'Service', principalId: PrincipalId },
    }),
    eventSourceARN: source.arn,
  };
}

/**
 * Writes a DynamoDB event record as text.
 *
 * @param isKeyed - whether the ordering key is needed
 */
export function dynamoDbEventText(record: DynamoDbEventRecord, isKeyed: boolean): EventText {
  const json = JSON.stringify(record);
  return {
    json,
    bytes: utf8Length(json),
    sequenceNumber: record.dynamodb.SequenceNumber,
    arrivalMs: record.dynamodb.ApproximateCreationDateTime * 1000,
    orderingKey: isKeyed ? JSON.stringify(record.dynamodb.Keys ?? {}) : '',
  };
}

/** An image with its binary values as base64 text; the same object when it has none. */
function attributes(image: EventAttributes): EventAttributes {
  return Object.values(image).some(mayHoldBytes)
    ? Object.fromEntries(Object.entries(image).map(([name, value]) => [name, withoutBytes(value)]))
    : image;
}

function mayHoldBytes(value: unknown): boolean {
  const held = value as { B?: unknown; BS?: unknown; L?: unknown; M?: unknown };
  return held.B !== undefined || held.BS !== undefined || held.L !== undefined || held.M !== undefined;
}

function withoutBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return encodeBase64(value);
  }
  if (Array.isArray(value)) {
    return value.map(withoutBytes);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, withoutBytes(held)]));
}

function base64(data: Uint8Array | string): string {
  return typeof data === 'string' ? data : encodeBase64(data);
}

function milliseconds(time: number | DateLike): number {
  return typeof time === 'number' ? Math.round(time * 1000) : time.getTime();
}

function present<T>(value: T | undefined, field: string): T {
  if (value === undefined) {
    throw new SourceRecordError(field);
  }
  return value;
}
