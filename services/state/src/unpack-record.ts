import { isUtf8 } from 'node:buffer';
import { formatPosition } from '@oncefold/commit';
import { readAggregate } from '@oncefold/kinesis-aggregation';
import type { Hierarchy } from '@oncefold/reducer';
import { identityKey } from '@oncefold/request-token';
import { parseTrade } from '@oncefold/trades';
import type { RecordContent, Shard, StreamRecord } from './stream-record.ts';

/**
 * Most user records of one aggregate. The Kinesis Producer Library packs at most 1 MB, which is less than 10,000 trades; what has
 * more could keep a function busy beyond its time, at every delivery.
 */
const USER_RECORDS_MAX = 10_000;

/** What all records of an event have in common. */
export interface RecordOrigin {
  /** The levels that each trade must have. */
  readonly hierarchy: Hierarchy;
  readonly namespace: string;
  readonly consumer: string;
  /** The stream. */
  readonly source: string;
  /** The stream whose records release 0.1.0 may have written. */
  readonly formerSource?: string | undefined;
}

/** What names a Kinesis record. */
export interface KinesisIdentifiers {
  readonly eventId: string;
  readonly sequenceNumber: string;
  readonly shard: Shard;
}

/**
 * Reads a Kinesis record, which is one record, or as many as the Kinesis Producer Library packed into it.
 *
 * @param ids - what names it
 * @param data - its data in base64
 * @param origin - {@link RecordOrigin}
 * @returns one record or more, contents checked; a broken or oversized aggregate is one record that is invalid
 */
export function unpackRecord(ids: KinesisIdentifiers, data: string, origin: RecordOrigin): StreamRecord[] {
  const bytes = Buffer.from(data, 'base64');
  const aggregate = readAggregate(bytes);
  if (aggregate.code === 'plain') {
    return [toRecord(ids, bytes, contentOf(bytes, origin), origin)];
  }
  if (aggregate.code === 'broken') {
    const { reason: detail } = aggregate;
    return [toRecord(ids, bytes, { code: 'invalid', reason: 'broken-aggregate', detail }, origin)];
  }
  if (aggregate.records.length > USER_RECORDS_MAX) {
    return [toRecord(ids, bytes, { code: 'invalid', reason: 'oversized-aggregate' }, origin)];
  }
  return aggregate.records.map((record) =>
    toRecord(ids, record.data, contentOf(record.data, origin), origin, record.subSequenceNumber),
  );
}

function toRecord(
  { eventId, sequenceNumber, shard }: KinesisIdentifiers,
  bytes: Uint8Array,
  content: RecordContent,
  { namespace, consumer, source, formerSource }: RecordOrigin,
  subSequenceNumber?: number,
): StreamRecord {
  const id = subSequenceNumber === undefined ? eventId : `${eventId}:${subSequenceNumber}`;
  const identity = { namespace, consumer, source, id };
  return {
    identity,
    recordKey: identityKey(identity),
    formerRecordKey: subSequenceNumber === undefined && source === formerSource ? eventId : undefined,
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

function contentOf(bytes: Uint8Array, { hierarchy }: RecordOrigin): RecordContent {
  if (!isUtf8(bytes)) {
    return { code: 'invalid', reason: 'not-utf-8' };
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const parsed = parseTrade(text, hierarchy);
  if (parsed.code === 'valid') {
    return parsed;
  }
  const { code, reason, field } = parsed;
  // Whatever dimensions were configured before: a trade that was valid by them is valid by none, too.
  const byNone = parseTrade(text, { ...hierarchy, dimensions: [] });
  return {
    code,
    reason,
    ...(field !== undefined && { detail: field }),
    ...(byNone.code === 'valid' && { tradeId: byNone.trade.tradeId }),
  };
}
