import type { KinesisStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { hierarchy, kinesisEvent, kinesisRecord, messageOf } from '../test/support/stream.ts';
import { readRecords } from './read-records.ts';

const read = (event: unknown) => readRecords(event as KinesisStreamEvent, hierarchy);
const altered = (kinesis: object, record: object = {}) => {
  const original = kinesisRecord('x', 1);
  return { Records: [{ ...original, ...record, kinesis: { ...original.kinesis, ...kinesis } }] };
};

describe('readRecords', () => {
  it('names each record by shard and sequence number, and pads the latter', () => {
    const [record] = read({ Records: [kinesisRecord(messageOf({ id: "O'Hara" }), 7, 3)] });
    expect(record).toMatchObject({
      shardId: 'shardId-000000000003',
      content: { code: 'valid', trade: { tradeId: "O'Hara" } },
    });
    expect(record?.position).toHaveLength(129);
    expect(record?.position.replace(/^0+/, '')).toBe(record?.sequenceNumber);
  });

  it('keeps the raw bytes of what is invalid', () => {
    const [record] = read(kinesisEvent([new Uint8Array([0xff, 0x00, 0xfe])]));
    expect(record?.content).toEqual({ code: 'invalid', reason: 'not-utf-8' });
    expect([...(record?.bytes ?? [])]).toEqual([0xff, 0x00, 0xfe]);
  });

  it.each([
    ['an overlong encoding', [0xc0, 0xaf]],
    ['a lone surrogate', [0xed, 0xa0, 0x80]],
    ['a truncated character', [0x7b, 0xe2, 0x82]],
  ])('takes %s for no text', (_case, bytes) => {
    expect(read(kinesisEvent([new Uint8Array(bytes)]))[0]?.content).toMatchObject({ reason: 'not-utf-8' });
  });

  it('takes records of several shards, each in its own order', () => {
    const event = { Records: [kinesisRecord('a', 5, 0), kinesisRecord('b', 1, 1), kinesisRecord('c', 6, 0)] };
    expect(read(event).map(({ shardId }) => shardId.slice(-1))).toEqual(['0', '1', '0']);
  });

  it.each([
    ['no records', {}],
    ['nothing', undefined],
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
  ])('refuses an event with %s', (_case, event) => {
    expect(() => read(event)).toThrow(expect.objectContaining({ code: 'invalid-event' }));
  });
});
