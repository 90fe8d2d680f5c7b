// Goal: a fold over an unpacked event sees every user record once, in order, under a name of its own.
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { encodeAggregate, seal } from '../test/encode-aggregate.ts';
import { deaggregate } from './deaggregate.ts';

const SHARD_ID = 'shardId-000000000006';

function recordOf(sequenceNumber: string, bytes: Uint8Array): KinesisStreamRecord {
  return {
    eventID: `${SHARD_ID}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    eventSource: 'aws:kinesis',
    eventSourceARN: 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders',
    eventVersion: '1.0',
    awsRegion: 'eu-west-1',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/orders',
    kinesis: {
      approximateArrivalTimestamp: 1_763_884_800.123,
      data: Buffer.from(bytes).toString('base64'),
      kinesisSchemaVersion: '1.0',
      partitionKey: 'a',
      sequenceNumber,
    },
  };
}

const plain = recordOf('1', Buffer.from('plain'));
const aggregate = recordOf(
  '2',
  encodeAggregate([
    { partitionKey: 'one', data: Buffer.from('first') },
    { partitionKey: 'two', explicitHashKey: '17', data: Buffer.from('second') },
  ]),
);

describe('deaggregate', () => {
  it('makes a record of each user record, in the order of the event', () => {
    const last = recordOf('3', Buffer.from('last'));
    expect(deaggregate({ Records: [plain, aggregate, last] }).Records).toEqual([
      plain,
      {
        ...aggregate,
        eventID: `${SHARD_ID}:2:0`,
        kinesis: {
          ...aggregate.kinesis,
          partitionKey: 'one',
          data: Buffer.from('first').toString('base64'),
          subSequenceNumber: 0,
        },
      },
      {
        ...aggregate,
        eventID: `${SHARD_ID}:2:1`,
        kinesis: {
          ...aggregate.kinesis,
          partitionKey: 'two',
          explicitHashKey: '17',
          data: Buffer.from('second').toString('base64'),
          subSequenceNumber: 1,
        },
      },
      last,
    ]);
  });

  it('passes ordinary records and broken aggregates unchanged', () => {
    const records = [
      plain,
      recordOf('4', Buffer.from('84mawg', 'base64')),
      recordOf('5', Buffer.from('84mavw', 'base64')),
      recordOf('6', seal()),
      recordOf('7', encodeAggregate([{ partitionKey: 'k', data: Buffer.from('a') }]).subarray(0, -1)),
      recordOf('8', new Uint8Array()),
    ];
    const unpacked = deaggregate({ Records: records }).Records;
    expect(unpacked).toHaveLength(records.length);
    for (const [index, record] of records.entries()) {
      expect(unpacked[index]).toBe(record);
    }
  });

  it('keeps what else an event has, and leaves the event as it was', () => {
    const event = { Records: [aggregate], shardId: SHARD_ID, state: { a: '1' } };
    const before = structuredClone(event);
    const { Records, ...rest } = deaggregate(event);
    expect(Records).toHaveLength(2);
    expect(rest).toEqual({ shardId: SHARD_ID, state: { a: '1' } });
    expect(event).toEqual(before);
  });

  it('names every one of many user records differently', () => {
    const puts = Array.from({ length: 20_000 }, (_, index) => ({
      partitionKey: 'k',
      data: Buffer.from(`${index}`),
    }));
    const { Records } = deaggregate({ Records: [recordOf('9', encodeAggregate(puts))] });
    expect(new Set(Records.map((record) => record.eventID)).size).toBe(puts.length);
    expect(Records.at(-1)).toMatchObject({
      eventID: `${SHARD_ID}:9:19999`,
      kinesis: { subSequenceNumber: 19_999, data: Buffer.from('19999').toString('base64') },
    });
  });

  it('gives an event of the type that it took', () => {
    const event: KinesisStreamEvent = { Records: [aggregate] };
    const unpacked: KinesisStreamEvent = deaggregate(event);
    const subSequenceNumbers: (number | undefined)[] = deaggregate(event).Records.map(
      (record) => record.kinesis.subSequenceNumber,
    );
    expect(unpacked.Records).toHaveLength(2);
    expect(subSequenceNumbers).toEqual([0, 1]);
  });
});
