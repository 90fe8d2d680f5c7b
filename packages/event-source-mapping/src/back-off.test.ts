import { describe, expect, it } from 'vitest';
import { backOffMs } from './back-off.ts';

describe('backOffMs', () => {
  it.each([
    [1, 100],
    [2, 200],
    [3, 400],
    [6, 3_200],
    [7, 5_000],
    [31, 5_000],
    [10_000, 5_000],
    // Nothing has failed yet: as the first.
    [0, 100],
  ])('before attempt %i waits anything below %i ms', (attempt, rangeMs) => {
    for (const random of [0, 0.25, 0.5, 0.999]) {
      expect(backOffMs(attempt, 100, 5_000, random)).toBe(Math.round(rangeMs * random));
    }
  });

  it('doubles at most 30 times, so that a huge limit is no infinite wait', () => {
    expect(backOffMs(31, 1, Number.MAX_SAFE_INTEGER, 0.5)).toBe(2 ** 29);
    expect(backOffMs(10_000, 1, Number.MAX_SAFE_INTEGER, 0.5)).toBe(2 ** 29);
  });
});
