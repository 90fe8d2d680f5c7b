// Goal: show the documented rules of one page by examples. Method: the machine runs on a virtual clock against shards in
// memory; the tests look at what the function and the destination got to see.
import { describe, expect, it } from 'vitest';
import { batches, checkpoint, discarded, runMapping } from './run-mapping.ts';
import { epochMs, record, shardWith, success, throttle } from './virtual-driver.ts';

describe('createMapping: record age', () => {
  it('gives up records older than MaximumRecordAgeInSeconds, before the first invocation too', () => {
    const shard = shardWith(0);
    shard.records.push(record(1, { atMs: epochMs - 61_000 }), record(2, { atMs: epochMs - 30_000 }));
    const driver = runMapping({ maximumRecordAgeInSeconds: 60 }, shard, () => success);
    expect(batches(driver)).toEqual([[2]]);
    expect(discarded(driver)).toEqual([{ from: 1, to: 1, condition: 'RecordAgeExceeded' }]);
    expect(checkpoint(driver)).toBe(2);
  });

  it('ends retries by age, also of a throttled function', () => {
    const driver = runMapping({ maximumRecordAgeInSeconds: 60 }, shardWith(1), () => throttle, {
      forMs: 120_000,
    });
    expect(driver.seen.at(-1)?.atMs).toBeLessThanOrEqual(epochMs + 60_000);
    expect(discarded(driver)).toEqual([{ from: 1, to: 1, condition: 'RecordAgeExceeded' }]);
  });

  it('allows for a source with coarse times', () => {
    const shard = shardWith(0);
    shard.records.push(record(1, { atMs: epochMs - 100_000 }));
    const settings = { maximumRecordAgeInSeconds: 60, behaviour: { arrivalResolutionMs: 60_000 } };
    expect(batches(runMapping(settings, shard, () => success))).toEqual([[1]]);
  });
});
