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
  /** The name under which this function consumes the stream. */
  readonly consumer: string;
  /** ARN of the stream. */
  readonly source: string;
  /**
   * ARN of the stream that release 0.1.0 has read, if there is one. It named shards and records without their stream, so for any
   * other stream what it left behind is another shard's.
   */
  readonly formerSource?: string | undefined;
}

export interface KinesisRecord {
  readonly eventId: string;
  readonly sequenceNumber: string;
  readonly shard: Shard;
  /** In base64. */
  readonly data: string;
}

/** Reads a Kinesis record, which is one record, or as many as the Kinesis Producer Library packed into it. */
export function unpackRecord(record: KinesisRecord, origin: RecordOrigin): StreamRecord[] {
  const bytes = Buffer.from(record.data, 'base64');
  const whole = (content: RecordContent): StreamRecord[] => [toRecord({ ...record, bytes }, content, origin)];
  const aggregate = readAggregate(bytes);
  if (aggregate.code === 'plain') {
    return whole(contentOf(bytes, origin));
  }
  if (aggregate.code === 'broken') {
    return whole({ code: 'invalid', reason: 'broken-aggregate', detail: aggregate.reason });
  }
  if (aggregate.records.length > USER_RECORDS_MAX) {
    return whole({ code: 'invalid', reason: 'oversized-aggregate' });
  }
  return aggregate.records.map(({ data, subSequenceNumber }) =>
    toRecord({ ...record, subSequenceNumber, bytes: data }, contentOf(data, origin), origin),
  );
}

function toRecord(
  record: Omit<KinesisRecord, 'data'> & { readonly subSequenceNumber?: number; readonly bytes: Uint8Array },
  content: RecordContent,
  { namespace, consumer, source, formerSource }: RecordOrigin,
): StreamRecord {
  const { eventId, sequenceNumber, subSequenceNumber, shard, bytes } = record;
  const id = subSequenceNumber === undefined ? eventId : `${eventId}:${subSequenceNumber}`;
  const identity = { namespace, consumer, source, id };
  return {
    identity,
    recordKey: identityKey(identity),
    formerRecordKey: subSequenceNumber === undefined && source === formerSource ? eventId : undefined,
    shard,
    reference: {
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
