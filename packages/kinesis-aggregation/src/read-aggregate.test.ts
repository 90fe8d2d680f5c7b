// Goal: what the Kinesis Producer Library packs is read exactly, and what is wrong is named. Method: bytes of another
// implementation, and bytes that are written here field by field.
import { describe, expect, it } from 'vitest';
import { bytesField, encodeAggregate, seal, varintField } from '../test/encode-aggregate.ts';
import { type AggregateResult, readAggregate } from './read-aggregate.ts';

/** Made by aws-kinesis-agg 4.2.8, AWS's own aggregator for Node.js. */
const MADE_BY_AWS = [
  '84mawgoHb3JkZXItMQoHb3JkZXItMgoHb3JkZXItMxIeMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwGgwIABoIeyJpZCI6MX0aDggBEAAa',
  'CHsiaWQiOjJ9Gg0IABoJZ3LDvG4g4pyTGgQIAhoAld6ScQQ7H1uYm9Tb0tsA2g==',
].join('');

const key = (text: string): Uint8Array => bytesField(1, Buffer.from(text));
const explicitHashKey = (text: string): Uint8Array => bytesField(2, Buffer.from(text));
const record = (...fields: readonly Uint8Array[]): Uint8Array => bytesField(3, ...fields);
const index = (value: number | bigint): Uint8Array => varintField(1, value);
const data = (text: string): Uint8Array => bytesField(3, Buffer.from(text));

function textsOf(result: AggregateResult): readonly string[] {
  return result.code === 'aggregated'
    ? result.records.map((one) => `${one.partitionKey}=${Buffer.from(one.data)}`)
    : [`${result.code}`];
}

describe('readAggregate', () => {
  it('reads what another implementation has written', () => {
    const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
    expect(readAggregate(new Uint8Array(Buffer.from(MADE_BY_AWS, 'base64')))).toEqual({
      code: 'aggregated',
      records: [
        { subSequenceNumber: 0, partitionKey: 'order-1', data: bytes('{"id":1}') },
        {
          subSequenceNumber: 1,
          partitionKey: 'order-2',
          explicitHashKey: '123456789012345678901234567890',
          data: bytes('{"id":2}'),
        },
        { subSequenceNumber: 2, partitionKey: 'order-1', data: bytes('grün ✓') },
        { subSequenceNumber: 3, partitionKey: 'order-3', data: bytes('') },
      ],
    });
  });

  it('takes everything without the magic number for an ordinary record', () => {
    for (const bytes of [[], [0xf3], [0xf3, 0x89, 0x9a], [0xf3, 0x89, 0x9a, 0xc3, 0, 0], [0x1f, 0x8b]]) {
      expect(readAggregate(Uint8Array.from(bytes))).toEqual({ code: 'plain' });
    }
  });

  it('reads keys that follow the records, and skips unknown fields', () => {
    const unknown = [
      varintField(9, 2n ** 64n - 1n),
      bytesField(10, Buffer.from('later')),
      Uint8Array.of(11 * 8 + 1, 1, 2, 3, 4, 5, 6, 7, 8),
      Uint8Array.of(12 * 8 + 5, 1, 2, 3, 4),
    ];
    const tag = bytesField(4, bytesField(1, Buffer.from('name')));
    const bytes = seal(...unknown, record(tag, ...unknown, data('a'), index(1)), key('k0'), key('k1'));
    expect(textsOf(readAggregate(bytes))).toEqual(['k1=a']);
  });

  it('takes the last one of a repeated field', () => {
    const bytes = seal(key('k0'), key('k1'), record(index(9), index(1), data('first'), data('last')));
    expect(textsOf(readAggregate(bytes))).toEqual(['k1=last']);
  });

  it('reads a varint of more bytes than it needs, up to ten', () => {
    const overlong = (length: number): Uint8Array =>
      Uint8Array.of(8, 0x80 + 1, ...Array<number>(length - 2).fill(0x80), 0);
    expect(textsOf(readAggregate(seal(key('k0'), key('k1'), record(overlong(10), data('a')))))).toEqual([
      'k1=a',
    ]);
    expect(readAggregate(seal(key('k0'), key('k1'), record(overlong(11), data('a'))))).toEqual({
      code: 'broken',
      reason: 'malformed',
    });
  });

  it('keeps a byte order mark and every other character of a key', () => {
    const partitionKey = '\uFEFFkey \u{1F600}\u0000';
    const result = readAggregate(encodeAggregate([{ partitionKey, data: Buffer.from('a') }]));
    expect(result).toMatchObject({ records: [{ partitionKey }] });
  });

  it.each<[string, Uint8Array, string]>([
    ['the magic number alone', Uint8Array.of(0xf3, 0x89, 0x9a, 0xc2), 'too-short'],
    ['one byte less than a checksum', seal().subarray(0, 19), 'too-short'],
    [
      'an aggregate with a byte behind it',
      Buffer.concat([seal(key('k')), Uint8Array.of(0)]),
      'checksum-mismatch',
    ],
    [
      'text that begins like an aggregate',
      Buffer.from(`84mawg${'A'.repeat(30)}`, 'base64'),
      'checksum-mismatch',
    ],
    ['nothing', seal(), 'no-records'],
    ['keys without a record', seal(key('k')), 'no-records'],
    ['a record without data', seal(key('k'), record(index(0))), 'missing-field'],
    ['a record without a partition key', seal(key('k'), record(data('a'))), 'missing-field'],
    ['a partition key that is not there', seal(key('k'), record(index(1), data('a'))), 'index-out-of-range'],
    ['an index of 64 bits', seal(key('k'), record(index(2n ** 64n - 1n), data('a'))), 'index-out-of-range'],
    [
      'an explicit hash key that is not there',
      seal(key('k'), explicitHashKey('0'), record(index(0), varintField(2, 1), data('a'))),
      'index-out-of-range',
    ],
    [
      'one bad record among good ones',
      seal(key('k'), record(index(0), data('a')), record()),
      'missing-field',
    ],
    [
      'a key that is not UTF-8',
      seal(bytesField(1, Uint8Array.of(0xff)), record(index(0), data('a'))),
      'malformed',
    ],
    ['a key as a number', seal(varintField(1, 0), record(index(0), data('a'))), 'malformed'],
    ['an index as bytes', seal(key('k'), record(bytesField(1, Uint8Array.of(0)), data('a'))), 'malformed'],
    ['field number 0', seal(Uint8Array.of(0, 0), key('k'), record(index(0), data('a'))), 'malformed'],
    ['a tag of more than 32 bits', seal(varintField(2 ** 30, 0), key('k')), 'malformed'],
    ['a group', seal(Uint8Array.of(9 * 8 + 3, 9 * 8 + 4), key('k')), 'malformed'],
    ['a wire type that there is not', seal(Uint8Array.of(9 * 8 + 7), key('k')), 'malformed'],
    ['a length beyond the end', seal(Uint8Array.of(10, 5, 1)), 'malformed'],
    ['a length of 2^63', seal(Uint8Array.of(10, ...Array<number>(9).fill(0x80), 1)), 'malformed'],
    ['a fixed field beyond the end', seal(Uint8Array.of(9 * 8 + 1, 1)), 'malformed'],
    ['a varint without an end', seal(Uint8Array.of(0x80, 0x80)), 'malformed'],
    [
      'a varint of 65 bits',
      seal(key('k'), record(Uint8Array.of(8, ...Array<number>(9).fill(0x80), 2))),
      'malformed',
    ],
  ])('finds %s broken', (_, bytes, reason) => {
    expect(readAggregate(bytes)).toEqual({ code: 'broken', reason });
  });
});
