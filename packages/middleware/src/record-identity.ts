import { StrategyError } from '@oncefold/commit';

/** No event of another service is taken for one of a stream: their records have one of these. */
interface NoOtherService {
  readonly body?: never;
  readonly Sns?: never;
  readonly s3?: never;
}

/** What the middleware reads of a record of a Kinesis stream event. */
export interface KinesisRecord extends NoOtherService {
  readonly eventID: string;
  readonly eventSourceARN?: string | undefined;
  readonly kinesis: {
    readonly sequenceNumber: string;
    /** Place of a user record within its aggregated record, as `@oncefold/kinesis-aggregation` gives it. */
    readonly subSequenceNumber?: number | undefined;
    /** Seconds since the epoch. */
    readonly approximateArrivalTimestamp: number;
  };
  readonly dynamodb?: undefined;
}

/** What the middleware reads of a record of a DynamoDB stream event. */
export interface DynamoDbRecord extends NoOtherService {
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
}

/** A record of a stream event. */
export type StreamRecord = KinesisRecord | DynamoDbRecord;

/** What the middleware reads of a stream event. The last three are there in a mapping with a tumbling window. */
export interface StreamEvent<Record extends StreamRecord = StreamRecord> {
  readonly Records: readonly Record[];
  readonly shardId?: string | undefined;
  readonly state?: unknown;
  readonly window?: object | undefined;
}

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
export interface IdentityOptions<Record extends StreamRecord> {
  /** Takes a business key from a record, to be its id; by default its `eventID`. */
  readonly recordId?: ((record: Record) => string | undefined) | undefined;
  /** Names the stream where the event does not, or one name for several streams that carry the same records. */
  readonly source?: string | undefined;
}

/**
 * Reads who the records of an event are.
 *
 * @param event - as Lambda sends it for Kinesis or DynamoDB Streams
 * @param options - where the id and the source are taken from
 * @returns identities in the order of the event
 * @throws {@link StrategyError} when a record has no id or no source, or records of several sources or shards are in one event
 */
export function identifyRecords<Record extends StreamRecord>(
  event: StreamEvent<Record>,
  { recordId = (record) => record.eventID, source }: IdentityOptions<Record> = {},
): EventIdentity {
  if (!Array.isArray(event?.Records)) {
    throw new StrategyError('Records: the event of a stream has a list of records');
  }
  const records = event.Records.map((record: Record, index): RecordIdentity => {
    if (typeof record !== 'object' || record === null || (record.kinesis ?? record.dynamodb) === undefined) {
      throw new StrategyError(`Records[${index}]: not a record of Kinesis or of DynamoDB Streams`);
    }
    const id = recordId(record);
    if (typeof id !== 'string' || id === '') {
      throw new StrategyError(`Records[${index}]: the record has no id: recordId must give text`);
    }
    return {
      id,
      sequenceNumber: record.kinesis?.sequenceNumber ?? record.dynamodb?.SequenceNumber,
      subSequenceNumber: record.kinesis?.subSequenceNumber,
      time: record.kinesis?.approximateArrivalTimestamp ?? record.dynamodb?.ApproximateCreationDateTime,
    };
  });
  return {
    records,
    source: source ?? onlyOne(event.Records, sourceOf, 'source'),
    shardId: event.shardId ?? shardOf(event.Records),
  };
}

/** A consumer with enhanced fan-out reads the same stream, so it does not name another source. */
function sourceOf(record: StreamRecord, index: number): string {
  const arn = record.eventSourceARN;
  if (typeof arn !== 'string' || arn === '') {
    throw new StrategyError(
      `Records[${index}]: the record has no eventSourceARN: name the stream with the option source`,
    );
  }
  return arn.replace(/(:stream\/[^/]+)\/consumer\/.*$/, '$1');
}

function shardOf(records: readonly StreamRecord[]): string | undefined {
  // DynamoDB Streams name no shard in a record.
  return records.some(({ kinesis }) => kinesis === undefined)
    ? undefined
    : onlyOne(records, kinesisShardOf, 'shard') || undefined;
}

/** Kinesis puts the shard before the sequence number: `shardId-000000000000:4959…`. */
function kinesisShardOf({ eventID }: StreamRecord): string {
  return String(eventID).slice(0, Math.max(0, String(eventID).indexOf(':')));
}

function onlyOne(
  records: readonly StreamRecord[],
  take: (record: StreamRecord, index: number) => string,
  what: string,
): string {
  let only: string | undefined;
  for (const [index, record] of records.entries()) {
    const text = take(record, index);
    if (only !== undefined && text !== only) {
      throw new StrategyError(`Records[${index}]: the records of one invocation come from one ${what}`);
    }
    only = text;
  }
  return only ?? '';
}
