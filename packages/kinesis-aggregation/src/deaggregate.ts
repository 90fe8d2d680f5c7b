import { readAggregate, type UserRecord } from './read-aggregate.ts';

/** What is read of a record of a Kinesis event. */
export interface KinesisRecord {
  readonly eventID: string;
  readonly kinesis: {
    readonly sequenceNumber: string;
    readonly partitionKey: string;
    /** Base64. */
    readonly data: string;
  };
}

/** What is read of a Kinesis event, with or without a tumbling window. */
export interface KinesisEvent {
  readonly Records: readonly KinesisRecord[];
}

/** An ordinary record, or a user record in the shape of one. */
export type DeaggregatedRecord<R extends KinesisRecord> = Omit<R, 'kinesis'> & {
  kinesis: R['kinesis'] & {
    /** The place of a user record in its aggregate, from 0; an ordinary record has none. */
    subSequenceNumber?: number;
    explicitHashKey?: string;
  };
};

/** An event with a record for each user record. */
export type DeaggregatedEvent<E extends KinesisEvent> = Omit<E, 'Records'> & {
  Records: DeaggregatedRecord<E['Records'][number]>[];
};

/** The magic number's first three bytes and six bits in base64; it spares most records the decoding. */
const MAGIC_NUMBER_IN_BASE64 = '84maw';

/**
 * Unpacks the aggregates of the Kinesis Producer Library, so that each user record is an element of the event.
 *
 * A user record has the fields of its Kinesis record, with its own `data` and `partitionKey`, a
 * `kinesis.subSequenceNumber`, and `<shard id>:<sequence number>:<subsequence number>` as `eventID`. Its
 * `sequenceNumber` stays that of the Kinesis record, which is what an event source mapping takes as a batch item
 * failure. Call it before anything takes identities from the event.
 *
 * An ordinary record passes unchanged, and so does an aggregate that {@link readAggregate} finds broken: the handler
 * sees its raw bytes and refuses or quarantines them. Nothing is dropped. The order is kept.
 *
 * @param event - a Kinesis event as Lambda gives it; it is not changed
 * @returns a new event
 *
 * @example
 * ```ts
 * import { deaggregate } from '@oncefold/kinesis-aggregation';
 * import type { KinesisStreamEvent } from 'aws-lambda';
 *
 * export async function handler(event: KinesisStreamEvent): Promise<void> {
 *   for (const { eventID, kinesis } of deaggregate(event).Records) {
 *     console.log(eventID, kinesis.partitionKey, Buffer.from(kinesis.data, 'base64').toString());
 *   }
 * }
 * ```
 */
export function deaggregate<E extends KinesisEvent>(event: E): DeaggregatedEvent<E> {
  const records: readonly E['Records'][number][] = event.Records;
  return { ...event, Records: records.flatMap(userRecordsOf) };
}

function userRecordsOf<R extends KinesisRecord>(record: R): DeaggregatedRecord<R>[] {
  if (!record.kinesis.data.startsWith(MAGIC_NUMBER_IN_BASE64)) {
    return [record];
  }
  const result = readAggregate(Buffer.from(record.kinesis.data, 'base64'));
  return result.code === 'aggregated'
    ? result.records.map((userRecord) => withUserRecord(record, userRecord))
    : [record];
}

function withUserRecord<R extends KinesisRecord>(record: R, userRecord: UserRecord): DeaggregatedRecord<R> {
  const { data, ...fields } = userRecord;
  return {
    ...record,
    eventID: `${record.eventID}:${userRecord.subSequenceNumber}`,
    kinesis: { ...record.kinesis, ...fields, data: toBase64(data) },
  };
}

function toBase64({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
