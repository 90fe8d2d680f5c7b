import type { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { putRecords } from './put-records.ts';

/** A stream that takes the records that it is told to take, and keeps them. */
function streamTaking(takes: (call: number, index: number) => boolean) {
  const taken: string[] = [];
  let calls = 0;
  const send = async ({ input }: PutRecordsCommand) => {
    calls += 1;
    return {
      Records: (input.Records ?? []).map(({ Data }, index) => {
        if (!takes(calls, index)) {
          return { ErrorCode: 'ProvisionedThroughputExceededException' };
        }
        taken.push(Buffer.from(Data ?? []).toString());
        return { SequenceNumber: '1', ShardId: 's' };
      }),
    };
  };
  return { client: { send } as unknown as KinesisClient, taken, calls: () => calls };
}

const records = (count: number, bytes = 1) =>
  Array.from({ length: count }, (_, index) => ({
    data: Buffer.from(String(index).padEnd(bytes)),
    partitionKey: 'p',
  }));
const options = { stream: 's', sleep: async () => {} };

describe('putRecords', () => {
  it('puts again only what the stream did not take', async () => {
    const { client, taken, calls } = streamTaking((call, index) => call > 1 || index % 2 === 0);
    await putRecords(client, options, records(10));
    expect(calls()).toBe(2);
    expect([...taken].map(Number).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('keeps to the limits of a request, for many records and for large ones', async () => {
    const many = streamTaking(() => true);
    await putRecords(many.client, options, records(1_201));
    expect(many.calls()).toBe(3);
    const large = streamTaking(() => true);
    await putRecords(large.client, options, records(9, 1_000_000));
    expect(large.calls()).toBeGreaterThanOrEqual(3);
    expect(large.taken).toHaveLength(9);
  });

  it('gives up when the stream takes a record never', async () => {
    const { client } = streamTaking((_, index) => index > 0);
    await expect(putRecords(client, options, records(2))).rejects.toMatchObject({
      code: 'redrive-undecided',
    });
  });
});
