import { isUtf8 } from 'node:buffer';
import { type Hierarchy, type InvalidTradeReason, parseTrade, type Trade } from '@oncefold/reducer';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { StreamEventError } from './errors.ts';

/** Digits of the longest sequence number that AWS documents; positions are padded to it. */
const POSITION_DIGITS = 129;

/** What a record says. */
type RecordContent =
  | { readonly code: 'valid'; readonly trade: Trade }
  | {
      readonly code: 'invalid';
      readonly reason: InvalidTradeReason | 'not-utf-8';
      readonly field?: string;
    };

/** One record of the stream. */
export interface StreamRecord {
  /** Names the record for ever: shard and sequence number. */
  readonly recordId: string;
  readonly shardId: string;
  /** As the event source mapping wants it back. */
  readonly sequenceNumber: string;
  /** The sequence number as zero-padded text of fixed width, so that text order is numeric order. */
  readonly position: string;
  /** Raw bytes as they arrived. */
  readonly bytes: Uint8Array;
  readonly content: RecordContent;
}

/**
 * Reads the records of a Kinesis event.
 *
 * @param event - what the event source mapping sends
 * @param hierarchy - the levels that each trade must have
 * @returns the records in their order, content checked
 * @throws {@link StreamEventError} when the event is not one of Kinesis, or a shard's records are out of order
 */
export function readRecords(event: KinesisStreamEvent, hierarchy: Hierarchy): StreamRecord[] {
  if (!Array.isArray(event?.Records)) throw new StreamEventError('The event has no list "Records".');
  const lastPositions = new Map<string, string>();
  return event.Records.map((source) => {
    const record = readRecord(source, hierarchy);
    const last = lastPositions.get(record.shardId);
    if (last !== undefined && last >= record.position) {
      throw new StreamEventError(`Records of ${record.shardId} are not in the order of the stream.`);
    }
    lastPositions.set(record.shardId, record.position);
    return record;
  });
}

function readRecord(source: KinesisStreamRecord, hierarchy: Hierarchy): StreamRecord {
  const recordId = source?.eventID;
  const sequenceNumber = source?.kinesis?.sequenceNumber;
  if (
    typeof recordId !== 'string' ||
    typeof sequenceNumber !== 'string' ||
    !/^\d{1,129}$/.test(sequenceNumber)
  ) {
    throw new StreamEventError('A record has no eventID or sequence number of Kinesis.');
  }
  const shardIdLength = recordId.length - sequenceNumber.length - 1;
  if (shardIdLength < 1 || !recordId.endsWith(`:${sequenceNumber}`)) {
    throw new StreamEventError('The eventID of a record is not made of shard id and sequence number.');
  }
  if (typeof source.kinesis.data !== 'string')
    throw new StreamEventError(`The record ${recordId} has no data.`);
  const bytes = Buffer.from(source.kinesis.data, 'base64');
  return {
    recordId,
    shardId: recordId.slice(0, shardIdLength),
    sequenceNumber,
    position: sequenceNumber.padStart(POSITION_DIGITS, '0'),
    bytes,
    content: isUtf8(bytes)
      ? parseTrade(bytes.toString('utf8'), hierarchy)
      : { code: 'invalid', reason: 'not-utf-8' },
  };
}
