import { median } from '@oncefold/comparison/statistics';
import { describe, expect, it } from 'vitest';
import { type SimulationOptions, simulatePipeline } from './simulate-pipeline.ts';

const table = { kind: 'dynamodb', readMs: 0, batchSize: 1_000, shards: 1 } as const;

/** Messages at a steady rate, and functions that take 10 ms. */
function options(messagesPerSecond: number, seconds: number): SimulationOptions {
  const service = { fixedMs: 10, perRecordMs: 0 };
  return {
    state: { kind: 'kinesis', readMs: 0, batchSize: 100, windowSeconds: 0, shards: 1, service },
    map: { ...table, windowSeconds: 1, service },
    reduce: { ...table, windowSeconds: 1, service },
    transactionMs: 5,
    rowsPerTransaction: 81,
    changedShare: 1,
    arrivals: Array.from(
      { length: messagesPerSecond * seconds },
      (_none, index) => (index * 1_000) / messagesPerSecond,
    ),
    endMs: seconds * 1_000 + 10_000,
  };
}

describe('simulatePipeline', () => {
  it('lets every message through, no faster than the functions take and no slower than windows and polls let it', () => {
    const { latenciesMs, doneMs } = simulatePipeline(options(10, 30));
    expect(latenciesMs).toHaveLength(300);
    expect(doneMs).toBeLessThan(35_000);
    expect(Math.min(...latenciesMs)).toBeGreaterThanOrEqual(30);
    // A poll of Kinesis each second, two windows of a second, two polls of 250 ms, three functions.
    expect(Math.max(...latenciesMs)).toBeLessThanOrEqual(1_000 + 2_000 + 500 + 60);
  });

  it('is faster by the windows that it does not wait for', () => {
    const { map, reduce, ...rest } = options(10, 30);
    const withWindows = simulatePipeline({ map, reduce, ...rest });
    const without = simulatePipeline({
      ...rest,
      map: { ...map, windowSeconds: 0 },
      reduce: { ...reduce, windowSeconds: 0 },
    });
    const saved = median(withWindows.latenciesMs) - median(without.latenciesMs);
    expect(saved).toBeGreaterThan(1_000);
    expect(saved).toBeLessThan(2_500);
  });

  it('sums only messages that change something, and waits for all', () => {
    const { latenciesMs, doneMs } = simulatePipeline({ ...options(10, 10), changedShare: 0.86 });
    expect(latenciesMs).toHaveLength(86);
    expect(doneMs).toBeDefined();
  });

  it('keeps the queue short below what a stage takes, and lets it grow above', () => {
    // 100 records in 200 ms: 500 a second.
    const slow = { fixedMs: 200, perRecordMs: 0 };
    const waitingAt = (rate: number) => {
      const { state, ...rest } = options(rate, 30);
      return simulatePipeline({ state: { ...state, service: slow }, ...rest }).waiting;
    };
    const below = waitingAt(400);
    expect(below[29]).toBeLessThan(400 * 4);
    const above = waitingAt(700);
    const growth = (above[29] ?? 0) - (above[9] ?? 0);
    expect(growth / 20).toBeGreaterThan(150);
    expect(growth / 20).toBeLessThan(250);
  });

  it('lets no two transactions on the same sums at once, however many shards reduce has', () => {
    const { map, reduce, ...rest } = options(400, 20);
    const crowded = simulatePipeline({
      ...rest,
      // A row for each change, and 81 of them in 500 ms: 162 a second of 400.
      map: { ...map, windowSeconds: 0, batchSize: 1, shards: 16 },
      reduce: { ...reduce, windowSeconds: 0, batchSize: 81, shards: 16 },
      transactionMs: 500,
    });
    expect(crowded.latenciesMs.length / 30).toBeLessThanOrEqual(162);
    expect(crowded.doneMs).toBeUndefined();
  });
});
