import type { KinesisStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { aggregateOf } from '../test/support/aggregate.ts';
import { settings } from '../test/support/memory-ports.ts';
import {
  accountKeyOf,
  kinesisEvent,
  kinesisRecord,
  messageOf,
  recordKeyOf,
  STREAM,
  sequenceNumberOf,
} from '../test/support/stream.ts';
import { readRecords } from './read-records.ts';
import { shardHash } from './version-history.ts';

const read = (event: unknown) => readRecords(event as KinesisStreamEvent, settings);
const altered = (kinesis: object, record: object = {}) => {
  const original = kinesisRecord('x', 1);
  return { Records: [{ ...original, ...record, kinesis: { ...original.kinesis, ...kinesis } }] };
};
const SHARD = 'shardId-000000000000';

describe('readRecords', () => {
  it('names each record by its stream, shard and sequence number, and gives its position a fixed width', () => {
    const [record] = read({ Records: [kinesisRecord(messageOf({ id: "O'Hara" }), 7, 3)] });
    const id = `shardId-000000000003:${sequenceNumberOf(7)}`;
    expect(record).toMatchObject({
      identity: { namespace: 'test', consumer: 'state', source: STREAM, id },
      recordKey: recordKeyOf(id),
      formerRecordKey: id,
      shard: {
        id: 'shardId-000000000003',
        key: accountKeyOf(3),
        formerKey: 'state#shardId-000000000003',
        hash: shardHash(accountKeyOf(3)),
      },
      reference: { sequence: BigInt(sequenceNumberOf(7)).toString(36), subSequence: 0 },
      position: `${sequenceNumberOf(7).padStart(129, '0')}.0000000000`,
      code: 'valid',
      trade: { tradeId: "O'Hara" },
    });
  });

  it('names the stream, also where a registered consumer reads it', () => {
    const consumer = `${STREAM}/consumer/fast:1763884800`;
    const [plain] = read({ Records: [kinesisRecord('x', 1)] });
    const [fannedOut] = read({ Records: [kinesisRecord('x', 1, 0, consumer)] });
    expect(fannedOut?.recordKey).toBe(plain?.recordKey);
  });

  it('has keys of release 0.1.0 only for the stream that it has read', () => {
    const event = { Records: [kinesisRecord(messageOf({}), 1, 0, `${STREAM}2`)] };
    const { formerSource: _none, ...withoutFormer } = settings;
    const records = [
      ...read(event),
      ...readRecords({ Records: [kinesisRecord(messageOf({}), 1)] }, withoutFormer),
    ];
    expect(records.map(({ formerRecordKey, shard }) => [formerRecordKey, shard.formerKey])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    const fannedOut = kinesisRecord(messageOf({}), 1, 0, `${STREAM}/consumer/fast:1763884800`);
    expect(read({ Records: [fannedOut] })[0]?.shard.formerKey).toBe(`state#${SHARD}`);
  });

  it('names the trade of a record that nothing but a configured dimension refuses, and of no other', () => {
    const spoilt: readonly [string, string, string | undefined][] = [
      ['"Region":"EMEA",', '', 'trade'],
      ['"EMEA"', '""', 'trade'],
      ['"EMEA"', '"message_count"', 'trade'],
      ['"EMEA"', '7', undefined],
      ['"Version":0', '"Version":-1', undefined],
      ['"Timestamp":1763884800.123456', '"Timestamp":"x"', undefined],
      ['"TradeID":"trade"', '"TradeID":""', undefined],
    ];
    const records = read(kinesisEvent(spoilt.map(([part, other]) => messageOf({}).replace(part, other))));
    expect(records.map((record) => record.code === 'invalid' && record.tradeId)).toEqual(
      spoilt.map(([, , tradeId]) => tradeId),
    );
  });

  it('keeps the raw bytes of what is invalid', () => {
    const [record] = read(kinesisEvent([new Uint8Array([0xff, 0x00, 0xfe])]));
    expect(record).toMatchObject({ code: 'invalid', reason: 'not-utf-8' });
    expect([...(record?.bytes ?? [])]).toEqual([0xff, 0x00, 0xfe]);
  });

  it.each([
    ['an overlong encoding', [0xc0, 0xaf]],
    ['a lone surrogate', [0xed, 0xa0, 0x80]],
    ['a truncated character', [0x7b, 0xe2, 0x82]],
    ['a compressed record', [0x1f, 0x8b, 0x08, 0x00]],
  ])('takes %s for no text', (_case, bytes) => {
    expect(read(kinesisEvent([new Uint8Array(bytes)]))[0]).toMatchObject({ reason: 'not-utf-8' });
  });

  it('takes records of several shards, each in its own order', () => {
    const event = { Records: [kinesisRecord('a', 5, 0), kinesisRecord('b', 1, 1), kinesisRecord('c', 6, 0)] };
    expect(read(event).map(({ shard }) => shard.id.slice(-1))).toEqual(['0', '1', '0']);
  });

  it('gives each user record of an aggregate an identity and a position of its own', () => {
    const event = kinesisEvent([
      'before',
      aggregateOf(messageOf({ id: 'a' }), '{', messageOf({ id: 'b' })),
      'after',
    ]);
    const records = read(event);
    const id = `${SHARD}:${sequenceNumberOf(1)}`;
    expect(records.map((record) => record.identity.id)).toEqual([
      `${SHARD}:${sequenceNumberOf(0)}`,
      `${id}:0`,
      `${id}:1`,
      `${id}:2`,
      `${SHARD}:${sequenceNumberOf(2)}`,
    ]);
    expect(records.map(({ code }) => code)).toEqual(['invalid', 'valid', 'invalid', 'valid', 'invalid']);
    expect(records.slice(1, 4).map(({ sequenceNumber }) => sequenceNumber)).toEqual(
      Array(3).fill(sequenceNumberOf(1)),
    );
    expect(records.slice(1, 4).map(({ position }) => position.slice(-11))).toEqual([
      '.0000000000',
      '.0000000001',
      '.0000000002',
    ]);
    expect(records.map(({ position }) => position)).toEqual(records.map(({ position }) => position).sort());
    expect(Buffer.from(records[2]?.bytes ?? []).toString()).toBe('{');
    expect(records[1]?.formerRecordKey).toBeUndefined();
    expect(records.map(({ reference }) => reference.subSequence)).toEqual([0, 0, 1, 2, 0]);
  });

  it('keeps a broken aggregate whole, as one record', () => {
    const broken = aggregateOf(messageOf({}));
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
    const records = read(kinesisEvent([broken]));
    expect(records).toMatchObject([
      { code: 'invalid', reason: 'broken-aggregate', detail: 'checksum-mismatch' },
    ]);
    expect([...(records[0]?.bytes ?? [])]).toEqual([...broken]);
  });

  it('keeps an aggregate whole whose records could not be handled in the time of one invocation', () => {
    const texts = (count: number) => Array<string>(count).fill('');
    expect(read(kinesisEvent([aggregateOf(...texts(10_000))]))).toHaveLength(10_000);
    expect(read(kinesisEvent([aggregateOf(...texts(10_001))]))).toMatchObject([
      { code: 'invalid', reason: 'oversized-aggregate' },
    ]);
  });

  it.each([
    ['no records', {}],
    ['nothing', undefined],
    ['a record that is none', { Records: [null] }],
    ['no sequence number', altered({ sequenceNumber: undefined })],
    ['a sequence number that is none', altered({ sequenceNumber: '12a' })],
    ['a sequence number of 130 digits', altered({ sequenceNumber: '1'.repeat(130) })],
    [
      'an eventID without shard',
      altered({}, { eventID: `:${kinesisRecord('x', 1).kinesis.sequenceNumber}` }),
    ],
    ['an eventID of another record', altered({}, { eventID: 'shardId-000000000000:1' })],
    ['no data', altered({ data: undefined })],
    ['records out of order', { Records: [kinesisRecord('a', 2), kinesisRecord('b', 1)] }],
    ['a record twice', { Records: [kinesisRecord('a', 2), kinesisRecord('a', 2)] }],
    ['records of two streams', { Records: [kinesisRecord('a', 1), kinesisRecord('b', 2, 0, `${STREAM}2`)] }],
  ])('refuses an event with %s', (_case, event) => {
    expect(() => read(event)).toThrow(expect.objectContaining({ code: 'invalid-event' }));
  });

  it.each([undefined, '', 7])('names eventSourceARN where it is %s', (eventSourceARN) => {
    expect(() => read(altered({}, { eventSourceARN }))).toThrow('eventSourceARN');
  });
});
