import type { KinesisStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { settledArrivals } from './settled-arrivals.ts';

const event = {
  Records: [1, 2, 3].map((number) => ({
    kinesis: { sequenceNumber: String(number), approximateArrivalTimestamp: number * 10 },
  })),
} as KinesisStreamEvent;

describe('settledArrivals', () => {
  it('tells all arrivals of a batch that succeeded', () => {
    expect(settledArrivals(event, { batchItemFailures: [] })).toEqual([10, 20, 30]);
  });

  it('leaves out what failed, and all behind it', () => {
    expect(settledArrivals(event, { batchItemFailures: [{ itemIdentifier: '2' }] })).toEqual([10]);
    expect(settledArrivals(event, { batchItemFailures: [{ itemIdentifier: '1' }] })).toEqual([]);
  });
});
