import { describe, expect, it } from 'vitest';
import { createServiceTimes, fitServiceTime, serviceMs } from './service-time.ts';

describe('fitServiceTime', () => {
  it('finds the line that the samples lie on', () => {
    const samples = [1, 10, 100].map((records) => ({ records, ms: 12 + 0.5 * records }));
    const fitted = fitServiceTime(samples);
    expect(fitted.fixedMs).toBeCloseTo(12);
    expect(fitted.perRecordMs).toBeCloseTo(0.5);
    expect(serviceMs(fitted, 1_000)).toBeCloseTo(512);
  });

  it('takes the time as fixed where all invocations have as many records', () => {
    const samples = [
      { records: 5, ms: 10 },
      { records: 5, ms: 20 },
    ];
    expect(fitServiceTime(samples)).toMatchObject({ fixedMs: 15, perRecordMs: 0 });
  });

  it('has no part below 0, whatever the noise', () => {
    const falling = fitServiceTime([
      { records: 1, ms: 20 },
      { records: 100, ms: 10 },
    ]);
    expect(falling).toMatchObject({ fixedMs: 15, perRecordMs: 0 });
    const steep = fitServiceTime([
      { records: 10, ms: 1 },
      { records: 20, ms: 29 },
    ]);
    expect(steep.fixedMs).toBe(0);
    expect(steep.perRecordMs).toBeCloseTo(1);
  });
});

describe('createServiceTimes', () => {
  it('has the mean of what was seen, and its extremes', () => {
    const samples = Array.from({ length: 101 }, (_none, index) => ({ records: 1, ms: 50 + index }));
    const next = createServiceTimes(fitServiceTime(samples));
    const times = Array.from({ length: 2_100 }, () => next(1));
    expect(times.reduce((sum, ms) => sum + ms, 0) / times.length).toBeCloseTo(100, 0);
    expect(Math.min(...times)).toBe(50);
    expect(Math.max(...times)).toBe(150);
  });

  it('is the line alone where no spread is known', () => {
    const next = createServiceTimes({ fixedMs: 5, perRecordMs: 2 });
    expect([next(1), next(10), next(1)]).toEqual([7, 25, 7]);
  });
});
