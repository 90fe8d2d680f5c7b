// Goal: show the documented rules of one page by examples. Method: the machine runs on a virtual clock against shards in
// memory; the tests look at what the function and the destination got to see.
import { describe, expect, it } from 'vitest';
import { batches, checkpoint, failOn, runMapping } from './run-mapping.ts';
import { epochMs, record, shardWith, success } from './virtual-driver.ts';

describe('createMapping: reading', () => {
  it('polls again after the interval when there was nothing more, at once when there was', () => {
    const driver = runMapping({ behaviour: { readLimit: 10 } }, shardWith(25), () => success, {
      forMs: 10_000,
    });
    const reads = driver.commands.filter(({ type }) => type === 'read');
    // Three for the records, and about one a second after them.
    expect(reads.length).toBeGreaterThanOrEqual(11);
    expect(reads.length).toBeLessThanOrEqual(13);
    expect(batches(driver).flat()).toHaveLength(25);
  });

  it('reads again after a back-off when a read fails', () => {
    let failures = 3;
    const failRead = (): 'unavailable' | undefined => {
      failures -= 1;
      return failures >= 0 ? 'unavailable' : undefined;
    };
    expect(batches(runMapping({}, shardWith(3), () => success, { failRead })).flat()).toEqual([1, 2, 3]);
  });

  it('skips nothing and repeats nothing when a position turns out to be trimmed', () => {
    const shard = shardWith(3);
    let reason: 'trimmed' | undefined;
    const failRead = (): typeof reason => {
      const now = reason;
      reason = undefined;
      return now;
    };
    const driver = runMapping({}, shard, () => success, { forMs: 2_500, failRead });
    reason = 'trimmed';
    shard.records.push(record(4));
    driver.runUntil(epochMs + 30_000);
    expect(reason).toBeUndefined();
    expect(batches(driver)).toEqual([[1, 2, 3], [4]]);
  });

  it('starts nothing more after a stop and still takes the end of what runs', () => {
    const driver = runMapping({ batchSize: 1 }, shardWith(3), () => ({ ...success, durationMs: 1_000 }), {
      forMs: 500,
    });
    driver.send({ type: 'stop' });
    expect(driver.mapping.isStopped()).toBe(false);
    driver.runUntil(epochMs + 10_000);
    expect(batches(driver)).toEqual([[1]]);
    expect(driver.mapping.isStopped()).toBe(true);
    expect(driver.mapping.isIdle()).toBe(true);
    expect(checkpoint(driver)).toBe(1);
  });

  it('gives the same commands for the same inputs', () => {
    const once = runMapping({ batchSize: 3, bisectBatchOnFunctionError: true }, shardWith(20), failOn(7), {
      forMs: 5_000,
    });
    const again = runMapping({ batchSize: 3, bisectBatchOnFunctionError: true }, shardWith(20), failOn(7), {
      forMs: 5_000,
    });
    expect(again.commands).toEqual(once.commands);
  });
});
