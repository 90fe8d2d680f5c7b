// Goal: show the documented rules of one page by examples. Method: the machine runs on a virtual clock against shards in
// memory; the tests look at what the function and the destination got to see.
import { describe, expect, it } from 'vitest';
import { batches, checkpoint, discarded, failOn, firstDeliveries, runMapping } from './run-mapping.ts';
import { epochMs, failure, shardWith, success, throttle } from './virtual-driver.ts';

describe('createMapping: retries', () => {
  it('sends a failed batch again, the same, until it succeeds, and nothing after it before', () => {
    let left = 3;
    const driver = runMapping({ batchSize: 2 }, shardWith(4), () => {
      left -= 1;
      return left >= 0 ? failure : success;
    });
    expect(batches(driver)).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 2],
      [3, 4],
    ]);
    expect(driver.seen.map(({ command }) => command.retryAttempt)).toEqual([0, 1, 2, 3, 0]);
  });

  it('backs off longer from retry to retry, up to a limit', () => {
    const settings = { behaviour: { backoffBaseMs: 100, backoffLimitMs: 1_000 } };
    const driver = runMapping(settings, shardWith(1), ({ command }) =>
      command.retryAttempt < 7 ? failure : success,
    );
    const gaps = driver.seen.slice(1).map(({ atMs }, index) => atMs - (driver.seen[index]?.atMs ?? 0) - 10);
    expect(gaps).toEqual([50, 100, 200, 400, 500, 500, 500]);
  });

  it('gives a batch up after MaximumRetryAttempts and goes on', () => {
    const driver = runMapping({ batchSize: 2, maximumRetryAttempts: 2 }, shardWith(4), failOn(1));
    expect(batches(driver)).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
      [3, 4],
    ]);
    expect(discarded(driver)).toEqual([{ from: 1, to: 2, condition: 'RetryAttemptsExhausted' }]);
    expect(checkpoint(driver)).toBe(4);
  });

  it('does not retry at all with MaximumRetryAttempts 0', () => {
    expect(batches(runMapping({ maximumRetryAttempts: 0 }, shardWith(1), () => failure))).toEqual([[1]]);
  });

  it('retries without end by default, until the record has expired in the stream', () => {
    const settings = { behaviour: { retentionSeconds: 30 } };
    const driver = runMapping(settings, shardWith(1), () => failure, { forMs: 60_000 });
    expect(driver.seen.length).toBeGreaterThan(5);
    expect(driver.seen.at(-1)?.atMs).toBeLessThanOrEqual(epochMs + 30_000);
    expect(discarded(driver)).toEqual([{ from: 1, to: 1, condition: 'RecordAgeExceeded' }]);
  });

  it('does not use up retries while the function is throttled', () => {
    let throttles = 20;
    const driver = runMapping(
      { maximumRetryAttempts: 1 },
      shardWith(1),
      () => {
        throttles -= 1;
        return throttles >= 0 ? throttle : success;
      },
      { forMs: 300_000 },
    );
    expect(driver.seen).toHaveLength(21);
    expect(discarded(driver)).toEqual([]);
    expect(driver.mapping.stats().throttles).toBe(20);
  });

  it('cuts a failed batch anew where that is chosen', () => {
    let failures = 4;
    const chances = [0.2, 0.9, 0.5, 0.99, 0.1, 0.7];
    const random = (): number => chances.shift() ?? 0.5;
    const settings = { batchSize: 4, behaviour: { retryGrouping: 'recut' } } as const;
    const driver = runMapping(
      settings,
      shardWith(8),
      () => {
        failures -= 1;
        return failures >= 0 ? failure : success;
      },
      { random },
    );
    expect(new Set(batches(driver).map((batch) => batch.length)).size).toBeGreaterThan(1);
    expect(firstDeliveries(driver.seen)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(checkpoint(driver)).toBe(8);
  });
});
