import { StrategyError } from '@oncefold/commit';
import { refuseEvent } from './refuse-event.ts';

/** What the middleware reads of a record of a Kinesis stream event. */
export interface KinesisRecord {
  readonly eventID: string;
  readonly eventSourceARN?: string | undefined;
  readonly kinesis: {
    readonly sequenceNumber: string;
    /** Place of a user record within its aggregated record, as `@oncefold/kinesis-aggregation` gives it. */
    readonly subSequenceNumber?: number | undefined;
    /** Seconds since the epoch. */
    readonly approximateArrivalTimestamp: number;
    /** Base64. */
    readonly data?: string | undefined;
  };
  readonly dynamodb?: undefined;
  readonly messageId?: undefined;
}

/** What the middleware reads of a record of a DynamoDB stream event. No event of another service is taken for one. */
export interface DynamoDbRecord {
  readonly eventID?: string | undefined;
  readonly eventSourceARN?: string | undefined;
  readonly eventName?: 'INSERT' | 'MODIFY' | 'REMOVE' | undefined;
  readonly dynamodb?:
    | {
        readonly SequenceNumber?: string | undefined;
        /** Seconds since the epoch. */
        readonly ApproximateCreationDateTime?: number | undefined;
      }
    | undefined;
  readonly kinesis?: undefined;
  readonly messageId?: undefined;
  readonly body?: never;
  readonly Sns?: never;
  readonly s3?: never;
}

/** What the middleware reads of a message of an SQS event. */
export interface SqsRecord {
  readonly messageId: string;
  readonly eventSourceARN?: string | undefined;
  readonly body: string;
  /** `SentTimestamp`: milliseconds since the epoch, as text. */
  readonly attributes: { readonly SentTimestamp: string };
  readonly kinesis?: undefined;
  readonly dynamodb?: undefined;
}

/** A record of a stream event. */
export type StreamRecord = KinesisRecord | DynamoDbRecord;

/** A record of any event that is taken. */
export type SourceRecord = StreamRecord | SqsRecord;

/** What the middleware reads of an event. The last three are there in a mapping with a tumbling window. */
export interface SourceEvent<Record extends SourceRecord = SourceRecord> {
  readonly Records: readonly Record[];
  readonly shardId?: string | undefined;
  readonly state?: unknown;
  readonly window?: object | undefined;
}

/** The event of a stream. */
export type StreamEvent<Record extends StreamRecord = StreamRecord> = SourceEvent<Record>;

/** What names a record and its place, taken before anything may change the event. */
export interface RecordIdentity {
  readonly id: string;
  readonly sequenceNumber: string | undefined;
  readonly subSequenceNumber: number | undefined;
  /** Approximate arrival, in seconds since the epoch. */
  readonly time: number | undefined;
}

/** The identities of the records of one event, in its order, with their source, and their shard where the event tells it. */
export interface EventIdentity {
  readonly records: readonly RecordIdentity[];
  /** Empty for an event without records. */
  readonly source: string;
  readonly shardId: string | undefined;
}

/** How the identity of records is taken. */
export interface IdentityOptions<Record extends SourceRecord> {
  /** Takes a business key from a record, to be its id; by default its `eventID`, or the `messageId` of a message. */
  readonly recordId?: ((record: Record) => string | undefined) | undefined;
  /** Names the stream or queue where the event does not, or one name for several that carry the same records. */
  readonly source?: string | undefined;
}

/**
 * Reads who the records of an event are.
 *
 * @param event - as Lambda sends it for Kinesis, DynamoDB Streams or SQS
 * @param options - where the id and the source are taken from
 * @returns identities in the order of the event
 * @throws {@link StrategyError} when it is an event of another service, or a record lacks what names it
 */
export function identifyRecords<Record extends SourceRecord>(
  event: SourceEvent<Record>,
  { recordId = idOf, source }: IdentityOptions<Record> = {},
): EventIdentity {
  if (!Array.isArray(event?.Records)) {
    throw refuseEvent(event);
  }
  const records = event.Records.map((record: Record, index): RecordIdentity => {
    if (!isTaken(record ?? {})) {
      throw refuseEvent(event, index);
    }
    const id = recordId(record);
    if (typeof id !== 'string' || id === '') {
      throw new StrategyError(`Records[${index}]: the record has no id: recordId must give text`, {
        recordIndex: index,
      });
    }
    return identityOf(id, record);
  });
  return {
    records,
    source: source ?? onlyOne(event.Records, sourceOf, 'source'),
    shardId: event.shardId ?? shardOf(event.Records),
  };
}

/** The id that the service itself gives to a record. */
export function idOf(record: SourceRecord): string | undefined {
  return record.messageId ?? (record as StreamRecord).eventID;
}

/** Says by its fields whether a record comes from Kinesis, DynamoDB Streams or SQS. */
function isTaken({ kinesis, dynamodb, messageId, body }: SourceRecord & { readonly body?: string }): boolean {
  return kinesis !== undefined || dynamodb !== undefined || (messageId !== undefined && body !== undefined);
}

function identityOf(id: string, record: SourceRecord): RecordIdentity {
  const { kinesis, dynamodb } = record;
  const sentMs = Number((record as Partial<SqsRecord>).attributes?.SentTimestamp);
  const sentSeconds = Number.isFinite(sentMs) ? sentMs / 1000 : undefined;
  return {
    id,
    sequenceNumber: kinesis?.sequenceNumber ?? dynamodb?.SequenceNumber,
    subSequenceNumber: kinesis?.subSequenceNumber,
    time: kinesis?.approximateArrivalTimestamp ?? dynamodb?.ApproximateCreationDateTime ?? sentSeconds,
  };
}

/** A consumer with enhanced fan-out reads the same stream, so it does not name another source. */
export function sourceOf(record: SourceRecord, index: number): string {
  const arn = record.eventSourceARN;
  if (typeof arn !== 'string' || arn === '') {
    throw new StrategyError(
      `Records[${index}]: the record has no eventSourceARN: name the stream with the option source`,
      { recordIndex: index },
    );
  }
  return arn.includes('/consumer/') ? arn.replace(/(:stream\/[^/]+)\/consumer\/.*/, '$1') : arn;
}

function shardOf(records: readonly SourceRecord[]): string | undefined {
  // DynamoDB Streams name no shard in a record, and queues have none.
  return records[0]?.kinesis === undefined
    ? undefined
    : onlyOne(records, kinesisShardOf, 'shard') || undefined;
}

/** Kinesis puts the shard before the sequence number: `shardId-000000000000:4959…`. */
function kinesisShardOf(record: SourceRecord): string {
  const eventId = String((record as StreamRecord).eventID);
  return eventId.slice(0, Math.max(0, eventId.indexOf(':')));
}

function onlyOne(
  records: readonly SourceRecord[],
  take: (record: SourceRecord, index: number) => string,
  what: string,
): string {
  let only: string | undefined;
  for (const [index, record] of records.entries()) {
    const text = take(record, index);
    if (only !== undefined && text !== only) {
      throw new StrategyError(`Records[${index}]: the records of one invocation come from one ${what}`, {
        recordIndex: index,
      });
    }
    only = text;
  }
  return only ?? '';
}
