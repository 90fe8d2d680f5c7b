import { createHash } from 'node:crypto';

/** The part of kinesalite's module `db` that turns numbers into text and back. */
export interface KinesaliteNumbers {
  parseSequence(text: string): SequenceFields;
  stringifySequence(fields: SequenceFields): string;
  /** A number of kinesalite's own kind. */
  partitionKeyToHashKey(partitionKey: string): object;
}

/** What a sequence number says. */
export interface SequenceFields {
  readonly version?: number | null;
  /** Milliseconds since the epoch, as is `seqTime`. */
  readonly shardCreateTime: number;
  readonly seqTime?: number;
  readonly seqIx?: string | number | null;
  readonly byte1?: string;
  readonly shardIx?: number;
}

/** Sequence numbers have had this version since 2014. */
const VERSION = 2;
const DECIMAL_DIGITS = 56;
const HEX_DIGITS = 47;
/** In the year 2477. */
const CREATED_SECONDS_MAX = 16_025_174_999;

/**
 * Makes kinesalite convert numbers with `BigInt`.
 *
 * It converts sequence numbers and hash keys between hexadecimal and decimal for every record that is put or read, with a
 * library that takes most of its time for that: with `BigInt` a record costs less than half. The numbers are the same;
 * what is not an ordinary sequence number is left to kinesalite.
 *
 * @param numbers - kinesalite's module `db`, which is changed
 */
export function speedUpNumbers(numbers: KinesaliteNumbers): void {
  const { parseSequence, stringifySequence, partitionKeyToHashKey } = numbers;
  const OwnNumber = partitionKeyToHashKey('').constructor as new (decimal: string) => object;

  numbers.parseSequence = (text) => parseOrdinary(text) ?? parseSequence(text);
  numbers.stringifySequence = (fields) =>
    (fields.version ?? VERSION) === VERSION ? stringify(fields) : stringifySequence(fields);
  numbers.partitionKeyToHashKey = (partitionKey) => {
    const digest = createHash('md5').update(partitionKey, 'utf8').digest('hex');
    return new OwnNumber(BigInt(`0x${digest}`).toString());
  };
}

function parseOrdinary(text: string): SequenceFields | undefined {
  if (text.length !== DECIMAL_DIGITS || !/^\d+$/.test(text)) {
    return undefined;
  }
  const hex = BigInt(text).toString(16);
  const seqIx = hex.slice(11, 27);
  const shardIx = hex.slice(38, 46);
  const createdSeconds = Number.parseInt(hex.slice(1, 10), 16);
  const isOrdinary = hex.length === HEX_DIGITS && hex.startsWith('2') && hex.endsWith(String(VERSION));
  if (!isOrdinary || seqIx > '8' || shardIx > '8' || createdSeconds > CREATED_SECONDS_MAX) {
    return undefined;
  }
  return {
    shardCreateTime: createdSeconds * 1_000,
    seqIx: BigInt(`0x${seqIx}`).toString(),
    byte1: hex.slice(27, 29),
    seqTime: Number.parseInt(hex.slice(29, 38), 16) * 1_000,
    shardIx: Number.parseInt(shardIx, 16),
    version: VERSION,
  };
}

function stringify({ shardCreateTime, seqTime, seqIx, byte1, shardIx = 0 }: SequenceFields): string {
  const hex = [
    '2',
    seconds(shardCreateTime),
    shardIx.toString(16).slice(-1),
    BigInt(seqIx || 0)
      .toString(16)
      .padStart(16, '0'),
    byte1 || '00',
    seconds(seqTime || shardCreateTime),
    shardIx.toString(16).padStart(8, '0'),
    VERSION,
  ].join('');
  return BigInt(`0x${hex}`).toString();
}

function seconds(milliseconds: number): string {
  return Math.floor(milliseconds / 1_000)
    .toString(16)
    .padStart(9, '0');
}
