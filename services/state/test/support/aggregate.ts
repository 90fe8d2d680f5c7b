import { createHash } from 'node:crypto';

/** Packs records as the Kinesis Producer Library does, all with one partition key. */
export function aggregateOf(...data: readonly (string | Uint8Array)[]): Uint8Array {
  const records = data.map((bytes) =>
    field(3, Buffer.concat([Buffer.of(8, 0), field(3, Buffer.from(bytes))])),
  );
  const body = Buffer.concat([field(1, Buffer.from('any')), ...records]);
  const checksum = createHash('md5').update(body).digest();
  return Uint8Array.from(Buffer.concat([Buffer.of(0xf3, 0x89, 0x9a, 0xc2), body, checksum]));
}

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
