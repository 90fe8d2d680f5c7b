import type { Hierarchy } from '@oncefold/reducer';
import { type Identity, identityKey } from '@oncefold/request-token';
import { createTradeHierarchy, parseTrade, type Trade } from '@oncefold/trades';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import type { VersionWrite } from '../../src/state-store.ts';
import { type RecordReference, shardHash } from '../../src/version-history.ts';

export const hierarchy: Hierarchy = createTradeHierarchy(['RiskType', 'TradeDesk', 'Region']);

/** A shorter list of dimensions, as a pipeline may have had or may have one day. */
export const shorterHierarchy: Hierarchy = createTradeHierarchy(['RiskType', 'TradeDesk']);

/** What a test says of a trade message; the rest is the same for all. */
export interface MessageFields {
  readonly id?: string;
  readonly version?: number;
  readonly value?: string;
  readonly region?: string;
  readonly desk?: string;
}

export function messageOf(fields: MessageFields): string {
  const { id = 'trade', version = 0, value = '61502.37', region = 'EMEA', desk = 'FXSpot' } = fields;
  const dimensions = JSON.stringify({ RiskType: 'PV', Region: region, TradeDesk: desk });
  return `{"TradeID":${JSON.stringify(id)},"Version":${version},"Value":${value},"Hierarchy":${dimensions},"Timestamp":1763884800.123456}`;
}

/** The text of a trade message that only {@link shorterHierarchy} takes. */
export function shorterMessageOf(fields: Omit<MessageFields, 'region'>): string {
  return messageOf(fields).replace('"Region":"EMEA",', '');
}

export function tradeOf(fields: MessageFields): Trade {
  const result = parseTrade(messageOf(fields), hierarchy);
  if (result.code === 'invalid') {
    throw new Error(`The test's message is invalid: ${result.reason}`);
  }
  return result.trade;
}

export const STREAM = 'arn:aws:kinesis:us-east-1:000000000000:stream/IncomingDataStream';

export function identityOf(id: string, source: string = STREAM): Identity {
  return { namespace: 'test', consumer: 'state', source, id };
}

export function recordKeyOf(id: string, source: string = STREAM): string {
  return identityKey(identityOf(id, source));
}

/** A record of a shard, in both of which only the digits matter. */
export function referenceOf(sequence: number, shard = 0): RecordReference {
  return { shard: shardHash(accountKeyOf(shard)), sequence: sequence.toString(36), subSequence: 0 };
}

export function accountKeyOf(shard: number, source: string = STREAM): string {
  return recordKeyOf(`shardId-${String(shard).padStart(12, '0')}`, source);
}

/** A version on its way into the table, brought by this record. */
export function writeOf(mode: VersionWrite['mode'], fields: MessageFields, sequence = 1): VersionWrite {
  return {
    mode,
    trade: tradeOf(fields),
    recordKey: `record-${sequence}`,
    reference: referenceOf(sequence),
    recount: 0,
  };
}

/** The sequence number of a shard's n-th record, as long as those of Kinesis. */
export function sequenceNumberOf(index: number): string {
  return String(49_545_115_243_490_985n + BigInt(index)).padEnd(17, '0') + String(index).padStart(39, '0');
}

export function kinesisRecord(
  data: string | Uint8Array,
  index: number,
  shard = 0,
  source: string = STREAM,
): KinesisStreamRecord {
  const shardId = `shardId-${String(shard).padStart(12, '0')}`;
  const sequenceNumber = sequenceNumberOf(index);
  return {
    awsRegion: 'us-east-1',
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    eventSource: 'aws:kinesis',
    eventSourceARN: source,
    eventVersion: '1.0',
    invokeIdentityArn: 'arn:aws:iam::000000000000:role/state',
    kinesis: {
      approximateArrivalTimestamp: 1_763_884_800.5,
      data: Buffer.from(data).toString('base64'),
      kinesisSchemaVersion: '1.0',
      partitionKey: 'any',
      sequenceNumber,
    },
  };
}

export function kinesisEvent(
  data: readonly (string | Uint8Array)[],
  start = 0,
  shard = 0,
): KinesisStreamEvent {
  return { Records: data.map((text, offset) => kinesisRecord(text, start + offset, shard)) };
}
