import type { Hierarchy } from '@oncefold/reducer';
import { identityKey } from '@oncefold/request-token';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { shardHash } from './applied-marks.ts';
import { StreamEventError } from './errors.ts';
import type { Shard, StreamRecord } from './stream-record.ts';
import { type RecordOrigin, unpackRecord } from './unpack-record.ts';

/** Settings of {@link readRecords}. */
export interface ReadSettings {
  /** The levels that each trade must have. */
  readonly hierarchy: Hierarchy;
  readonly namespace: string;
  /** The name under which this function consumes the stream. */
  readonly consumer: string;
  /**
   * The stream that release 0.1.0 has read, if there is one. It named shards and records without their stream, so for any
   * other stream what it left behind is another shard's.
   */
  readonly formerSource?: string | undefined;
}

/** What the records of an event have in common, and the shards that were met so far. */
interface Origin extends RecordOrigin {
  readonly shards: Map<string, Shard>;
}

/**
 * Reads the records of a Kinesis event, and unpacks those of the Kinesis Producer Library.
 *
 * @param event - what the event source mapping sends
 * @param settings - {@link ReadSettings}
 * @returns the records in their order, content checked
 * @throws {@link StreamEventError} when the event is not one of Kinesis, its records come from several streams, or a
 *   shard's records are out of order
 */
export function readRecords(event: KinesisStreamEvent, settings: ReadSettings): StreamRecord[] {
  if (!Array.isArray(event?.Records)) {
    throw new StreamEventError('The event has no list "Records".');
  }
  const [first] = event.Records;
  if (first === undefined) {
    return [];
  }
  const origin: Origin = { ...settings, source: sourceOf(first), shards: new Map() };
  const lastPositions = new Map<string, string>();
  return event.Records.flatMap((source) => {
    if (source?.eventSourceARN !== first.eventSourceARN) {
      throw new StreamEventError('The records of the event come from different streams.');
    }
    const records = readRecord(source, origin);
    for (const { shard, position } of records) {
      const last = lastPositions.get(shard.id);
      if (last !== undefined && last >= position) {
        throw new StreamEventError(`Records of ${shard.id} are not in the order of the stream.`);
      }
      lastPositions.set(shard.id, position);
    }
    return records;
  });
}

/** The stream's own ARN, also where a registered consumer reads it (enhanced fan-out). */
function sourceOf(record: KinesisStreamRecord): string {
  const arn: unknown = record?.eventSourceARN;
  if (typeof arn !== 'string' || arn === '') {
    throw new StreamEventError(
      'A record has no eventSourceARN: records of different streams could not be distinguished.',
    );
  }
  return arn.replace(/(:stream\/[^/]+)\/consumer\/.*$/, '$1');
}

function readRecord(record: KinesisStreamRecord, origin: Origin): StreamRecord[] {
  const eventId: unknown = record.eventID;
  const sequenceNumber: unknown = record.kinesis?.sequenceNumber;
  if (
    typeof eventId !== 'string' ||
    typeof sequenceNumber !== 'string' ||
    !/^\d{1,129}$/.test(sequenceNumber)
  ) {
    throw new StreamEventError('A record has no eventID or sequence number of Kinesis.');
  }
  const shardIdLength = eventId.length - sequenceNumber.length - 1;
  if (shardIdLength < 1 || !eventId.endsWith(`:${sequenceNumber}`)) {
    throw new StreamEventError('The eventID of a record is not made of shard id and sequence number.');
  }
  if (typeof record.kinesis.data !== 'string') {
    throw new StreamEventError(`The record ${eventId} has no data.`);
  }
  const shard = shardOf(eventId.slice(0, shardIdLength), origin);
  return unpackRecord({ eventId, sequenceNumber, shard }, record.kinesis.data, origin);
}

function shardOf(id: string, { namespace, consumer, source, formerSource, shards }: Origin): Shard {
  const known = shards.get(id);
  if (known !== undefined) {
    return known;
  }
  const key = identityKey({ namespace, consumer, source, id });
  const formerKey = source === formerSource ? `${consumer}#${id}` : undefined;
  const shard = { id, key, formerKey, hash: shardHash(key) };
  shards.set(id, shard);
  return shard;
}
