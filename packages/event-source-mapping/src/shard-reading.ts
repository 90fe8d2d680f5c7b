import { type Machine, nextId, retryTime } from './machine.ts';
import { compareSequenceNumbers } from './sequence-number.ts';
import type { Lane, ShardState } from './shard-state.ts';
import { dynamoDbEventRecord, dynamoDbEventText, type EventText, kinesisEventText } from './source-record.ts';
import type { DynamoDbSourceRecord, KinesisSourceRecord, MappingInput, SourceRecord } from './types.ts';

/**
 * Is there room to read more? Reading pauses above half of the buffer's limit, so that a read that is already out, and
 * asked for no more than the rest, still fits.
 */
export function hasRoom(machine: Machine, shard: ShardState): boolean {
  const { bufferedRecordsMax, bufferedBytesMax } = machine.settings.behaviour;
  const buffered = bufferedSize(shard);
  return buffered.records <= bufferedRecordsMax / 2 && buffered.bytes <= bufferedBytesMax / 2;
}

/** What waits in a shard's lanes and was not sent yet. */
export function bufferedSize(shard: ShardState): { readonly records: number; readonly bytes: number } {
  let records = 0;
  let bytes = 0;
  for (const lane of shard.lanes) {
    records += lane.fresh.length;
    bytes += lane.fresh.bytes;
  }
  return { records, bytes };
}

/**
 * Asks for the next records of a shard, if it can be read, has room and is due.
 *
 * @returns when it is due next, in milliseconds since the epoch, or Infinity while it waits for something else
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html#kinesis-polling-and-batching
 */
export function advanceReading(machine: Machine, shard: ShardState): number {
  if (
    shard.status !== 'reading' ||
    shard.hasEnded ||
    shard.readId !== undefined ||
    !hasRoom(machine, shard)
  ) {
    return Number.POSITIVE_INFINITY;
  }
  if (shard.nextReadMs > machine.now) {
    return shard.nextReadMs;
  }
  const { readLimit, bufferedRecordsMax } = machine.settings.behaviour;
  shard.readId = nextId(machine);
  shard.readLimit = Math.min(readLimit, bufferedRecordsMax - bufferedSize(shard).records);
  machine.commands.push({
    type: 'read',
    shardId: shard.shardId,
    readId: shard.readId,
    position: shard.position,
    limit: shard.readLimit,
  });
  return Number.POSITIVE_INFINITY;
}

/** Takes the answer to a read: writes, filters and sorts the records into the shard's lanes. */
export function takeRecords(
  machine: Machine,
  shard: ShardState,
  input: Extract<MappingInput, { type: 'records-read' }>,
): void {
  shard.readId = undefined;
  shard.failedReads = 0;
  const known = shard.position.kind === 'trim-horizon' ? shard.lastSequenceNumber : undefined;
  for (const record of input.records) {
    // After a trimmed position the shard is read from its oldest record, which may have been read before.
    if (known !== undefined && compareSequenceNumbers(sequenceNumberOf(machine, record), known) <= 0) {
      continue;
    }
    takeRecord(machine, shard, record);
  }
  machine.counts.recordsRead += input.records.length;
  if (input.records.length > 0) {
    const sequenceNumber = shard.lastSequenceNumber as string;
    shard.position = { kind: 'after-sequence-number', sequenceNumber };
  }
  shard.hasEnded = input.isEndOfShard;
  const hasMore = hasMoreToRead(shard, input);
  shard.caughtUpMs = hasMore ? undefined : machine.now;
  shard.nextReadMs = hasMore ? machine.now : machine.now + machine.settings.behaviour.pollIntervalMs;
}

/** Takes note of a read that failed. */
export function takeReadFailure(
  machine: Machine,
  shard: ShardState,
  reason: 'trimmed' | 'unavailable',
): void {
  shard.readId = undefined;
  shard.failedReads += 1;
  // What was trimmed cannot be read any more: the oldest record that is left is the next one.
  if (reason === 'trimmed') {
    shard.position = { kind: 'trim-horizon' };
  }
  shard.nextReadMs = retryTime(machine, shard.failedReads);
}

function hasMoreToRead(shard: ShardState, input: Extract<MappingInput, { type: 'records-read' }>): boolean {
  const { records, millisBehindLatest } = input;
  if (records.length >= shard.readLimit) {
    return true;
  }
  return millisBehindLatest === undefined ? records.length > 0 : millisBehindLatest > 0;
}

function takeRecord(machine: Machine, shard: ShardState, record: SourceRecord): void {
  const text = eventText(machine, shard, record);
  const previous = shard.lastSequenceNumber;
  if (text === undefined) {
    machine.counts.recordsFiltered += 1;
    shard.lastSequenceNumber = sequenceNumberOf(machine, record);
    return;
  }
  shard.recordsRead += 1;
  laneOf(shard, text.orderingKey).fresh.push({
    ...text,
    order: shard.recordsRead,
    previous,
    readMs: machine.now,
  });
  shard.lastSequenceNumber = text.sequenceNumber;
  shard.firstSequenceNumber ??= text.sequenceNumber;
}

/** The record as it stands in an event, or undefined when the filter drops it. */
function eventText(machine: Machine, shard: ShardState, record: SourceRecord): EventText | undefined {
  const { settings, filter } = machine;
  if (settings.source.kind === 'kinesis') {
    const kinesis = record as KinesisSourceRecord;
    if (filter?.passesKinesis(kinesis) === false) {
      return undefined;
    }
    return kinesisEventText(kinesis, shard.shardId, settings.source);
  }
  const event = dynamoDbEventRecord(record as DynamoDbSourceRecord, settings.source);
  if (filter?.passesDynamoDb(event) === false) {
    return undefined;
  }
  return dynamoDbEventText(event, settings.parallelizationFactor > 1);
}

function sequenceNumberOf(machine: Machine, record: SourceRecord): string {
  const isKinesis = machine.settings.source.kind === 'kinesis';
  const number = isKinesis
    ? (record as KinesisSourceRecord).SequenceNumber
    : (record as DynamoDbSourceRecord).dynamodb?.SequenceNumber;
  if (number === undefined) {
    throw new Error('invariant: every record has a sequence number');
  }
  return number;
}

/** Records of one key always share a lane, so that their order is kept whatever runs beside them. */
function laneOf(shard: ShardState, orderingKey: string): Lane {
  const index = shard.lanes.length === 1 ? 0 : fnv1a(orderingKey) % shard.lanes.length;
  return shard.lanes[index] as Lane;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
