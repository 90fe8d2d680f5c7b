import { createHash } from 'node:crypto';
import { type MessageShape, readWireFields, type WireField } from './read-wire-fields.ts';

/** One record as the producer's user put it, before the library packed it with others. */
export interface UserRecord {
  /** Its place in the aggregate, from 0, as the Kinesis Client Library counts. */
  readonly subSequenceNumber: number;
  readonly partitionKey: string;
  readonly explicitHashKey?: string;
  /** A view of the aggregate's bytes, not a copy. */
  readonly data: Uint8Array;
}

/** Why bytes that begin as an aggregate cannot be read as one. */
export type BrokenReason =
  /** There is no room for a checksum. */
  | 'too-short'
  | 'checksum-mismatch'
  /** The body is no protobuf message of the published format, or a key is not UTF-8. */
  | 'malformed'
  /** A user record without data or without a partition key. */
  | 'missing-field'
  /** A user record names a key that the aggregate does not hold. */
  | 'index-out-of-range'
  /** No producer sends it, and a record that becomes nothing would vanish. */
  | 'no-records';

/** What bytes are: an ordinary record, an aggregate with its user records, or an aggregate that cannot be read. */
export type AggregateResult =
  | { readonly code: 'plain' }
  | { readonly code: 'aggregated'; readonly records: readonly UserRecord[] }
  | { readonly code: 'broken'; readonly reason: BrokenReason };

const MAGIC_NUMBER = Uint8Array.of(0xf3, 0x89, 0x9a, 0xc2);
const CHECKSUM_BYTES = 16;

/** The fields of the message AggregatedRecord, and their wire types. */
const PARTITION_KEY_TABLE = 1;
const EXPLICIT_HASH_KEY_TABLE = 2;
const RECORDS = 3;
const AGGREGATED_RECORD: MessageShape = {
  [PARTITION_KEY_TABLE]: 'bytes',
  [EXPLICIT_HASH_KEY_TABLE]: 'bytes',
  [RECORDS]: 'bytes',
};

/** The fields of the message Record; its tags are not read. */
const PARTITION_KEY_INDEX = 1;
const EXPLICIT_HASH_KEY_INDEX = 2;
const DATA = 3;
const RECORD: MessageShape = {
  [PARTITION_KEY_INDEX]: 'varint',
  [EXPLICIT_HASH_KEY_INDEX]: 'varint',
  [DATA]: 'bytes',
};

/**
 * Reads the user records that the Kinesis Producer Library has packed into one Kinesis record.
 *
 * All or nothing: where anything is wrong with an aggregate, none of its records is given. Bytes that begin with the
 * magic number and fail the checksum are reported as broken. The Kinesis Client Library takes them for an ordinary
 * record; here the caller can quarantine them. Time and memory grow with the number of bytes, whatever they are.
 * See https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md.
 *
 * @param bytes - the data of one Kinesis record
 * @returns `plain` for everything that does not begin with the magic number
 *
 * @example
 * ```ts
 * import { readAggregate } from '@oncefold/kinesis-aggregation';
 *
 * readAggregate(Buffer.from('an ordinary record')).code; // => 'plain'
 * ```
 */
export function readAggregate(bytes: Uint8Array): AggregateResult {
  if (!MAGIC_NUMBER.every((byte, index) => bytes[index] === byte)) {
    return { code: 'plain' };
  }
  if (bytes.length < MAGIC_NUMBER.length + CHECKSUM_BYTES) {
    return broken('too-short');
  }
  const body = bytes.subarray(MAGIC_NUMBER.length, bytes.length - CHECKSUM_BYTES);
  if (!createHash('md5').update(body).digest().equals(bytes.subarray(-CHECKSUM_BYTES))) {
    return broken('checksum-mismatch');
  }
  return readBody(body);
}

interface Keys {
  readonly partitionKeys: readonly string[];
  readonly explicitHashKeys: readonly string[];
}

function readBody(body: Uint8Array): AggregateResult {
  const fields = readWireFields(body, AGGREGATED_RECORD);
  const partitionKeys = fields && readTexts(fields, PARTITION_KEY_TABLE);
  const explicitHashKeys = fields && readTexts(fields, EXPLICIT_HASH_KEY_TABLE);
  if (fields === undefined || partitionKeys === undefined || explicitHashKeys === undefined) {
    return broken('malformed');
  }
  const records: UserRecord[] = [];
  for (const message of bytesOf(fields, RECORDS)) {
    const record = readRecord(message, records.length, { partitionKeys, explicitHashKeys });
    if (typeof record === 'string') {
      return broken(record);
    }
    records.push(record);
  }
  return records.length === 0 ? broken('no-records') : { code: 'aggregated', records };
}

function readRecord(message: Uint8Array, subSequenceNumber: number, keys: Keys): UserRecord | BrokenReason {
  const fields = readWireFields(message, RECORD);
  if (fields === undefined) {
    return 'malformed';
  }
  const partitionKeyIndex = lastVarintOf(fields, PARTITION_KEY_INDEX);
  const explicitHashKeyIndex = lastVarintOf(fields, EXPLICIT_HASH_KEY_INDEX);
  const data = bytesOf(fields, DATA).at(-1);
  if (partitionKeyIndex === undefined || data === undefined) {
    return 'missing-field';
  }
  const partitionKey = keys.partitionKeys[partitionKeyIndex];
  if (partitionKey === undefined) {
    return 'index-out-of-range';
  }
  if (explicitHashKeyIndex === undefined) {
    return { subSequenceNumber, partitionKey, data };
  }
  const explicitHashKey = keys.explicitHashKeys[explicitHashKeyIndex];
  return explicitHashKey === undefined
    ? 'index-out-of-range'
    : { subSequenceNumber, partitionKey, explicitHashKey, data };
}

function bytesOf(fields: readonly WireField[], number: number): readonly Uint8Array[] {
  return fields.flatMap((field) =>
    field.number === number && field.wireType === 'bytes' ? [field.value] : [],
  );
}

/** Where a producer repeats a field that is not repeated, the last one counts, as protobuf says. */
function lastVarintOf(fields: readonly WireField[], number: number): number | undefined {
  const field = fields.findLast((candidate) => candidate.number === number);
  return field?.wireType === 'varint' ? field.value : undefined;
}

/** A key is given exactly or not at all: nothing is replaced, and a byte order mark stays. */
function readTexts(fields: readonly WireField[], number: number): readonly string[] | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return bytesOf(fields, number).map((bytes) => decoder.decode(bytes));
  } catch {
    return undefined;
  }
}

function broken(reason: BrokenReason): AggregateResult {
  return { code: 'broken', reason };
}
