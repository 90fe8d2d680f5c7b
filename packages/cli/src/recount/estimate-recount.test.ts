import { describe, expect, it } from 'vitest';
import { estimateRecount, figuresOf } from './estimate-recount.ts';

const pipeline = {
  state: { items: 1_000_000, bytes: 409_600_000 },
  reduce: { items: 0, bytes: 0 },
  aggregates: 19,
};

describe('estimateRecount', () => {
  it('counts a write for each trade, each item of the seal and each post, and a little for the batches', () => {
    const estimate = estimateRecount({ ...pipeline, rate: 1_000 });
    expect(estimate).toMatchObject({ trades: 1_000_000, isCounted: false, marks: 1_011_000, seconds: 1_011 });
    // 1,011 batches with a row, a position, a marker and 19 sums; 1,000 posts are put and deleted, too.
    expect(estimate.writeUnits).toBe(1_011_000 + 2_000 + 1_011 * (4 + 2 + 38));
    // Three passes over 100,000 units of 4 kB.
    expect(estimate.readUnits).toBe(300_000 + 1_011);
    expect(estimate.dollars).toBeCloseTo((1_057_484 * 0.625 + 301_011 * 0.125) / 1e6, 6);
  });

  it('counts as many write units as an item has kilobytes', () => {
    const state = { items: 1_000_000, bytes: 1_500_000_000 };
    expect(estimateRecount({ ...pipeline, state, rate: 0 }).writeUnits).toBe(2_020_000 + 3_000 + 1_011 * 44);
  });

  it('goes by what was counted, where it was', () => {
    const counted = { trades: 500, marks: 20 };
    expect(estimateRecount({ ...pipeline, counted, rate: 0 })).toMatchObject({
      isCounted: true,
      trades: 500,
      marks: 1_520,
      seconds: undefined,
    });
  });

  it('takes an engine that does not say how large a table is for one with small items', () => {
    expect(figuresOf({ ItemCount: 10, TableSizeBytes: 0 })).toEqual({ items: 10, bytes: 5_000 });
  });
});
