import { identityKey } from '@oncefold/request-token';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import type { Shard, StreamRecord } from './stream-record.ts';
import { type RecordOrigin, unpackRecord } from './unpack-record.ts';
import { shardHash } from './version-history.ts';

/** The event is not what a Kinesis event source mapping sends. */
class StreamEventError extends Error {
  override readonly name = 'StreamEventError';
  readonly code = 'invalid-event';
}

export type ReadSettings = Omit<RecordOrigin, 'source'>;

/**
 * Reads the records of a Kinesis event, and unpacks those of the Kinesis Producer Library.
 *
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
  const origin = { ...settings, source: sourceOf(first) };
  const shards = new Map<string, Shard>();
  const lastPositions = new Map<string, string>();
  return event.Records.flatMap((source) => {
    if (source?.eventSourceARN !== first.eventSourceARN) {
      throw new StreamEventError('The records of the event come from different streams.');
    }
    const records = readRecord(source, origin, shards);
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

function readRecord(
  record: KinesisStreamRecord,
  origin: RecordOrigin,
  shards: Map<string, Shard>,
): StreamRecord[] {
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
  const { data } = record.kinesis;
  if (typeof data !== 'string') {
    throw new StreamEventError(`The record ${eventId} has no data.`);
  }
  const shardId = eventId.slice(0, shardIdLength);
  const shard = shards.get(shardId) ?? createShard(shardId, origin);
  shards.set(shardId, shard);
  return unpackRecord({ eventId, sequenceNumber, shard, data }, origin);
}

function createShard(id: string, { namespace, consumer, source, formerSource }: RecordOrigin): Shard {
  const key = identityKey({ namespace, consumer, source, id });
  const formerKey = source === formerSource ? `${consumer}#${id}` : undefined;
  return { id, key, formerKey, hash: shardHash(key) };
}
