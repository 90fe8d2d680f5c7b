import { StrategyError } from '@oncefold/commit';

/** What the middleware reads of a record of a Kinesis or DynamoDB stream event. */
export interface StreamRecord {
  readonly eventID?: string | undefined;
  readonly eventSource?: string | undefined;
  readonly kinesis?:
    | { readonly sequenceNumber: string; readonly approximateArrivalTimestamp: number }
    | undefined;
  readonly dynamodb?:
    | {
        readonly SequenceNumber?: string | undefined;
        readonly ApproximateCreationDateTime?: number | undefined;
      }
    | undefined;
}

/** What the middleware reads of a stream event. The last two are there in a mapping with a tumbling window. */
export interface StreamEvent<Record extends StreamRecord = StreamRecord> {
  readonly Records: readonly Record[];
  readonly shardId?: string | undefined;
  readonly state?: unknown;
}

/** What names a record and its place, taken before anything may change the event. */
export interface RecordIdentity {
  readonly id: string;
  readonly sequenceNumber: string | undefined;
  /** Approximate arrival, in seconds since the epoch. */
  readonly time: number | undefined;
}

/** The identities of the records of one event, in its order, and their shard where the event tells it. */
export interface EventIdentity {
  readonly records: readonly RecordIdentity[];
  readonly shardId: string | undefined;
}

/**
 * Reads who the records of an event are.
 *
 * @param event - as Lambda sends it for Kinesis or DynamoDB Streams.
 * @param recordId - takes a business key from a record; by default its `eventID`.
 * @returns identities in the order of the event.
 * @throws {@link StrategyError} when a record has no id, or records of more than one shard stand together.
 */
export function identifyRecords<Record extends StreamRecord>(
  event: StreamEvent<Record>,
  recordId: (record: Record) => string | undefined = (record) => record.eventID,
): EventIdentity {
  if (!Array.isArray(event?.Records))
    throw new StrategyError('Records: the event of a stream has a list of records');
  const records = event.Records.map((record, index) => {
    const id = recordId(record);
    if (typeof id !== 'string' || id === '')
      throw new StrategyError(`Records[${index}]: the record has no id`);
    return {
      id,
      sequenceNumber: record.kinesis?.sequenceNumber ?? record.dynamodb?.SequenceNumber,
      time: record.kinesis?.approximateArrivalTimestamp ?? record.dynamodb?.ApproximateCreationDateTime,
    };
  });
  return { records, shardId: event.shardId ?? kinesisShardOf(event.Records) };
}

/** Kinesis puts the shard before the sequence number: `shardId-000000000000:4959…`. */
function kinesisShardOf(records: readonly StreamRecord[]): string | undefined {
  let shardId: string | undefined;
  for (const [index, record] of records.entries()) {
    if (record.kinesis === undefined || record.eventID === undefined) return undefined;
    const shard = record.eventID.slice(0, record.eventID.lastIndexOf(':'));
    if (shardId !== undefined && shard !== shardId) {
      throw new StrategyError(`Records[${index}]: the records of one invocation come from one shard`);
    }
    shardId = shard;
  }
  return shardId;
}
