import type { KinesisStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { arrivalTimes } from './publish-batch.ts';

const event = {
  Records: [1, 2, 3].map((number) => ({
    kinesis: { sequenceNumber: String(number), approximateArrivalTimestamp: number * 10 },
  })),
} as KinesisStreamEvent;

describe('arrivalTimes', () => {
  it('gives all arrivals of a batch that succeeded', () => {
    expect(arrivalTimes(event, { batchItemFailures: [] })).toEqual([10, 20, 30]);
  });

  it('leaves out what failed, and all that follows it', () => {
    expect(arrivalTimes(event, { batchItemFailures: [{ itemIdentifier: '2' }] })).toEqual([10]);
    expect(arrivalTimes(event, { batchItemFailures: [{ itemIdentifier: '1' }] })).toEqual([]);
  });
});
