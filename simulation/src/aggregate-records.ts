import { createHash } from 'node:crypto';

/** What an aggregated record of the Kinesis Producer Library begins with. */
const MAGIC = Buffer.of(0xf3, 0x89, 0x9a, 0xc2);

/**
 * Packs records into one Kinesis record, as the Kinesis Producer Library does, all with one partition key.
 *
 * @see https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 */
export function aggregateRecords(records: readonly Uint8Array[]): Uint8Array {
  const packed = records.map((data) => field(3, Buffer.concat([Buffer.of(8, 0), field(3, data)])));
  const body = Buffer.concat([field(1, Buffer.from('any')), ...packed]);
  return Uint8Array.from(Buffer.concat([MAGIC, body, createHash('md5').update(body).digest()]));
}

/** A field of Protocol Buffers with a length before it. */
function field(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(number * 8 + 2), varint(bytes.byteLength), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  return Buffer.of(...bytes, rest);
}
