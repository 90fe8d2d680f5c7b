// Writes aggregates from the published format, without the reader's code, so that the reader has something to answer to.
// It also writes what no producer would.
import { createHash } from 'node:crypto';

/** What a producer is given. */
export interface Put {
  readonly partitionKey: string;
  readonly explicitHashKey?: string;
  readonly data: Uint8Array;
}

/** An aggregate with one entry in the tables for each different key, as the Kinesis Producer Library writes it. */
export function encodeAggregate(puts: readonly Put[]): Uint8Array {
  const partitionKeys = [...new Set(puts.map((put) => put.partitionKey))];
  const explicitHashKeys = [...new Set(puts.flatMap((put) => put.explicitHashKey ?? []))];
  return seal(
    ...partitionKeys.map((key) => bytesField(1, Buffer.from(key))),
    ...explicitHashKeys.map((key) => bytesField(2, Buffer.from(key))),
    ...puts.map(({ partitionKey, explicitHashKey, data }) =>
      bytesField(
        3,
        varintField(1, partitionKeys.indexOf(partitionKey)),
        ...(explicitHashKey === undefined ? [] : [varintField(2, explicitHashKeys.indexOf(explicitHashKey))]),
        bytesField(3, data),
      ),
    ),
  );
}

/** Puts the magic number before a body, and its checksum behind it. */
export function seal(...body: readonly Uint8Array[]): Uint8Array {
  const message = Buffer.concat(body);
  const checksum = createHash('md5').update(message).digest();
  return new Uint8Array(Buffer.concat([Uint8Array.of(0xf3, 0x89, 0x9a, 0xc2), message, checksum]));
}

export function varintField(number: number, value: number | bigint): Uint8Array {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

export function bytesField(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.concat(parts);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt(value);
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return Uint8Array.of(...bytes, Number(rest));
}
