import { isUtf8 } from 'node:buffer';
import { formatPosition } from '@oncefold/commit';
import { readAggregate } from '@oncefold/kinesis-aggregation';
import { type Hierarchy, type InvalidTradeReason, parseTrade, type Trade } from '@oncefold/reducer';
import { type Identity, identityKey } from '@oncefold/request-token';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { type RecordPlace, shardHash } from './applied-marks.ts';
import { StreamEventError } from './errors.ts';

/**
 * Most user records of one aggregate. The Kinesis Producer Library packs at most 1 MB, which is less than 10,000 trades; what has
 * more could keep a function busy beyond its time, at every delivery.
 */
const USER_RECORDS_MAX = 10_000;

/** Settings of {@link readRecords}. */
export interface ReadSettings {
  /** The levels that each trade must have. */
  readonly hierarchy: Hierarchy;
  readonly namespace: string;
  /** The name under which this function consumes the stream. */
  readonly consumer: string;
}

/** What a record says. */
type RecordContent =
  | { readonly code: 'valid'; readonly trade: Trade }
  | {
      readonly code: 'invalid';
      readonly reason: InvalidTradeReason | 'not-utf-8' | 'broken-aggregate' | 'oversized-aggregate';
      /** Name of the field that is wrong, or what is wrong with an aggregate; absent where the whole record is. */
      readonly detail?: string;
    };

/** What names a record and its place, and its bytes. */
interface RawRecord {
  readonly identity: Identity;
  /** The identity as one text. */
  readonly recordKey: string;
  /** How state tables written before identities had a namespace name the record; absent for user records. */
  readonly formerRecordKey: string | undefined;
  readonly shard: Shard;
  readonly place: RecordPlace;
  /** As the event source mapping wants it back; user records of one Kinesis record have the same. */
  readonly sequenceNumber: string;
  /** Sequence number and sub-sequence number as text of fixed width, so that text order is the order of the shard. */
  readonly position: string;
  /** Raw bytes as they arrived. */
  readonly bytes: Uint8Array;
}

/** One record of the stream: a Kinesis record, or a user record that the Kinesis Producer Library packed into one. */
export type StreamRecord = RawRecord & RecordContent;

/** A record that brings a version of a trade. */
export type ValidRecord = Extract<StreamRecord, { readonly code: 'valid' }>;

/** A shard, as identities and marks name it. */
interface Shard {
  readonly id: string;
  readonly key: string;
  readonly hash: string;
}

/** What the records of an event come from. */
interface Origin extends ReadSettings {
  readonly source: string;
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
  if (!Array.isArray(event?.Records)) throw new StreamEventError('The event has no list "Records".');
  const [first] = event.Records;
  if (first === undefined) return [];
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
  return unpack({ eventId, sequenceNumber, shard }, record, origin);
}

function shardOf(id: string, { namespace, consumer, source, shards }: Origin): Shard {
  const known = shards.get(id);
  if (known !== undefined) return known;
  const key = identityKey({ namespace, consumer, source, id });
  const shard = { id, key, hash: shardHash(key) };
  shards.set(id, shard);
  return shard;
}

/** Identifiers of a Kinesis record. */
interface KinesisIdentifiers {
  readonly eventId: string;
  readonly sequenceNumber: string;
  readonly shard: Shard;
}

function unpack(ids: KinesisIdentifiers, record: KinesisStreamRecord, origin: Origin): StreamRecord[] {
  const bytes = Buffer.from(record.kinesis.data, 'base64');
  const aggregate = readAggregate(bytes);
  if (aggregate.code === 'plain') return [toRecord(ids, bytes, contentOf(bytes, origin), origin)];
  if (aggregate.code === 'broken') {
    const { reason: detail } = aggregate;
    return [toRecord(ids, bytes, { code: 'invalid', reason: 'broken-aggregate', detail }, origin)];
  }
  if (aggregate.records.length > USER_RECORDS_MAX) {
    return [toRecord(ids, bytes, { code: 'invalid', reason: 'oversized-aggregate' }, origin)];
  }
  return aggregate.records.map(({ data, subSequenceNumber }) =>
    toRecord(ids, data, contentOf(data, origin), origin, subSequenceNumber),
  );
}

function toRecord(
  { eventId, sequenceNumber, shard }: KinesisIdentifiers,
  bytes: Uint8Array,
  content: RecordContent,
  { namespace, consumer, source }: Origin,
  subSequenceNumber?: number,
): StreamRecord {
  const id = subSequenceNumber === undefined ? eventId : `${eventId}:${subSequenceNumber}`;
  const identity = { namespace, consumer, source, id };
  return {
    identity,
    recordKey: identityKey(identity),
    formerRecordKey: subSequenceNumber === undefined ? eventId : undefined,
    shard,
    place: {
      shard: shard.hash,
      sequence: BigInt(sequenceNumber).toString(36),
      subSequence: subSequenceNumber ?? 0,
    },
    sequenceNumber,
    position: formatPosition(sequenceNumber, subSequenceNumber),
    bytes,
    ...content,
  };
}

function contentOf(bytes: Uint8Array, { hierarchy }: Origin): RecordContent {
  if (!isUtf8(bytes)) return { code: 'invalid', reason: 'not-utf-8' };
  const parsed = parseTrade(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
    hierarchy,
  );
  if (parsed.code === 'valid') return parsed;
  const { code, reason, field } = parsed;
  return { code, reason, ...(field !== undefined && { detail: field }) };
}
