// Goal: the reader answers to the format, not to itself, and to hostile bytes with a verdict. Method: aggregates from two
// other writers, each of their bytes changed, each of their prefixes.
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { encodeAggregate, type Put, seal } from '../test/encode-aggregate.ts';
import { readAggregate } from './read-aggregate.ts';

/** As published in awslabs/amazon-kinesis-producer, aggregation-format.md. */
const SCHEMA = `
  syntax = "proto2";
  message AggregatedRecord {
    repeated string partition_key_table = 1;
    repeated string explicit_hash_key_table = 2;
    repeated Record records = 3;
  }
  message Tag { required string key = 1; optional string value = 2; }
  message Record {
    required uint64 partition_key_index = 1;
    optional uint64 explicit_hash_key_index = 2;
    required bytes data = 3;
    repeated Tag tags = 4;
  }`;
const aggregatedRecord = typeOf(SCHEMA);
/** The reader passes over tags, whatever is in them: a tag without its key, which the format refuses, takes nothing from a record. */
const withoutTags = typeOf(SCHEMA.replace('repeated Tag tags = 4;', ''));

function typeOf(schema: string): protobuf.Type {
  return protobuf.parse(schema, { keepCase: true }).root.lookupType('AggregatedRecord');
}

const puts = fc.array(
  fc.record(
    {
      partitionKey: fc.oneof(fc.constantFrom('a', 'b'), fc.string({ unit: 'binary', maxLength: 300 })),
      explicitHashKey: fc.bigInt(0n, 2n ** 128n - 1n).map(String),
      data: fc.uint8Array({ maxLength: 200 }),
    },
    { requiredKeys: ['partitionKey', 'data'], noNullPrototype: true },
  ),
  // More than 128, so that indexes of two bytes are drawn.
  { minLength: 1, maxLength: 200, size: 'max' },
);
const fewPuts = puts.map((list) => list.slice(0, 3));

/** With protobufjs, and every key an entry of its own, as the format allows. */
function encodeWithProtobufjs(list: readonly Put[]): Uint8Array {
  const explicitHashKeys = list.flatMap((put) => put.explicitHashKey ?? []);
  let explicit = 0;
  const records = list.map(({ explicitHashKey, data }, index) => ({
    partition_key_index: index,
    ...(explicitHashKey === undefined ? {} : { explicit_hash_key_index: explicit++ }),
    data,
    tags: [{ key: 'tag', value: 'ignored' }],
  }));
  return seal(
    aggregatedRecord
      .encode({
        partition_key_table: list.map((put) => put.partitionKey),
        explicit_hash_key_table: explicitHashKeys,
        records,
      })
      .finish(),
  );
}

describe('readAggregate', () => {
  it.each([
    ['the format as published', encodeAggregate],
    ['protobufjs', encodeWithProtobufjs],
  ])('gives back what was put, as written by %s', (_, encode) => {
    fc.assert(
      fc.property(puts, (list) => {
        expect(readAggregate(encode(list))).toEqual({
          code: 'aggregated',
          records: list.map((put, subSequenceNumber) => ({ subSequenceNumber, ...put })),
        });
      }),
    );
  });

  it('reads no aggregate with a changed byte', () => {
    fc.assert(
      fc.property(fewPuts, fc.nat(), fc.integer({ min: 1, max: 255 }), (list, position, change) => {
        const bytes = encodeAggregate(list);
        const index = position % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ change;
        expect(readAggregate(bytes).code).toBe(index < 4 ? 'plain' : 'broken');
      }),
    );
  });

  it('reads no aggregate that was cut, wherever it was', () => {
    fc.assert(
      fc.property(fewPuts, (list) => {
        const bytes = encodeAggregate(list);
        for (let length = 0; length < bytes.length; length += 1) {
          expect(readAggregate(bytes.subarray(0, length)).code).toBe(length < 4 ? 'plain' : 'broken');
        }
      }),
      { numRuns: 20 },
    );
  });

  it('has an answer to every body under a right checksum', () => {
    const smallBytes = fc.uint8Array({ max: 40, maxLength: 60 });
    fc.assert(
      fc.property(fc.oneof(smallBytes, fc.uint8Array({ maxLength: 60 })), (body) => {
        expect(['aggregated', 'broken']).toContain(readAggregate(seal(body)).code);
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with protobufjs about bodies that were cut or changed before the checksum was made', () => {
    fc.assert(
      fc.property(fewPuts, fc.nat(), fc.nat(255), fc.nat(), (list, position, byte, cut) => {
        const whole = encodeAggregate(list).slice(4, -16);
        const body = whole.subarray(0, whole.length - (cut % 3));
        if (body.length > 0) {
          body[position % body.length] = byte;
        }
        const result = readAggregate(seal(body));
        if (result.code === 'aggregated') {
          const message = withoutTags.toObject(withoutTags.decode(body), { longs: Number });
          expect(result.records.map((record) => Buffer.from(record.data).toString('hex'))).toEqual(
            message['records'].map((record: { data: Uint8Array }) =>
              Buffer.from(record.data).toString('hex'),
            ),
          );
        }
      }),
      { numRuns: 1000 },
    );
  });
});
