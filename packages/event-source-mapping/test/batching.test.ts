// Goal: show the documented rules of one page by examples. Method: the machine runs on a virtual clock against shards in
// memory; the tests look at what the function and the destination got to see.
import { describe, expect, it } from 'vitest';
import { batches, checkpoint, discarded, runMapping } from './run-mapping.ts';
import { encodedLength, epochMs, record, shardWith, success } from './virtual-driver.ts';

describe('createMapping: batching', () => {
  it('invokes with every record once, in order, when nothing fails', () => {
    const driver = runMapping({ batchSize: 4 }, shardWith(10), () => success);
    expect(batches(driver)).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [9, 10],
    ]);
    expect(driver.mapping.isIdle()).toBe(true);
    expect(checkpoint(driver)).toBe(10);
  });

  it('invokes as soon as there are records without a batching window', () => {
    const driver = runMapping({}, shardWith(3), () => success);
    expect(batches(driver)).toEqual([[1, 2, 3]]);
    expect(driver.seen[0]?.atMs).toBeLessThan(epochMs + 100);
  });

  it('gathers for the batching window, counted from the first record', () => {
    const shard = shardWith(2);
    const driver = runMapping({ maximumBatchingWindowInSeconds: 5 }, shard, () => success, { forMs: 0 });
    driver.at(epochMs + 3_000, () => shard.records.push(record(3)));
    driver.runUntil(epochMs + 20_000);
    expect(batches(driver)).toEqual([[1, 2, 3]]);
    expect(driver.seen[0]?.atMs).toBeGreaterThanOrEqual(epochMs + 5_000);
    expect(driver.seen[0]?.atMs).toBeLessThan(epochMs + 5_100);
  });

  it('does not wait for the window when the batch is full', () => {
    const driver = runMapping(
      { maximumBatchingWindowInSeconds: 300, batchSize: 2 },
      shardWith(4),
      () => success,
    );
    expect(batches(driver)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('closes a batch at the payload limit, counted on the event as it is sent', () => {
    const shard = shardWith(9);
    const one = runMapping({ batchSize: 1 }, shard, () => success).seen[0]?.command.payloadBytes ?? 0;
    const settings = { behaviour: { payloadBytesMax: one * 3 }, maximumBatchingWindowInSeconds: 300 };
    const driver = runMapping(settings, shard, () => success);
    expect(batches(driver)[0]).toEqual([1, 2, 3]);
    for (const { command } of driver.seen) {
      expect(command.payloadBytes).toBe(encodedLength(command.payload));
      expect(command.payloadBytes).toBeLessThanOrEqual(one * 3);
    }
  });

  it('has a limit of 6 MB on the event by default', () => {
    const shard = shardWith(0);
    for (let number = 1; number <= 8; number += 1) {
      shard.records.push({ ...record(number), Data: 'A'.repeat(1024 * 1024) });
    }
    const driver = runMapping({}, shard, () => success);
    expect(batches(driver)).toEqual([
      [1, 2, 3, 4, 5],
      [6, 7, 8],
    ]);
  });

  it('gives up a record that is larger than an event may be', () => {
    const shard = shardWith(3);
    shard.records[1] = record(2, { data: 'x'.repeat(3_000) });
    const driver = runMapping({ behaviour: { payloadBytesMax: 2_000 } }, shard, () => success);
    expect(discarded(driver)).toEqual([{ from: 2, to: 2, condition: 'PayloadTooLarge' }]);
    expect(batches(driver).flat()).toEqual([1, 3]);
  });

  it('keeps the number of waiting records within its limit while the function is busy', () => {
    const settings = { batchSize: 10, behaviour: { bufferedRecordsMax: 50, readLimit: 40 } };
    let most = 0;
    const driver = runMapping(settings, shardWith(500), (_seen, running) => {
      most = Math.max(most, running.mapping.stats().shards[0]?.bufferedRecords ?? 0);
      return { ...success, durationMs: 50 };
    });
    expect(most).toBeLessThanOrEqual(50);
    expect(batches(driver).flat()).toHaveLength(500);
  });
});
