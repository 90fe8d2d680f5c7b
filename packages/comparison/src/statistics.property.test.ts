import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, quantile, spreadOf } from './statistics.ts';

/** Without the zero that has a sign. */
const value = fc.double({ noNaN: true, min: -1e9, max: 1e9 }).map((any) => any + 0);
const values = fc.array(value, { minLength: 1, maxLength: 50 });
const share = fc.double({ noNaN: true, min: 0, max: 1 });

describe('quantile', () => {
  it('goes from the smallest value to the largest, and never down', () => {
    fc.assert(
      fc.property(values, share, share, (all, one, other) => {
        expect(quantile(all, 0)).toBe(Math.min(...all));
        expect(quantile(all, 1)).toBe(Math.max(...all));
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        // Interpolating rounds.
        expect(quantile(all, low) - quantile(all, high)).toBeLessThan(1e-3);
      }),
    );
  });

  it('is a value where its place is one, and between its neighbours elsewhere', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 2, maxLength: 50 }), share, (all, part) => {
        const sorted = all.toSorted((one, other) => one - other);
        const place = (sorted.length - 1) * part;
        const [below = 0, above = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
        expect(quantile(all, part)).toBeGreaterThanOrEqual(below);
        expect(quantile(all, part)).toBeLessThanOrEqual(above);
      }),
    );
  });

  it('is of the values, not of their order, and leaves them as they are', () => {
    fc.assert(
      fc.property(values, share, (all, part) => {
        const copy = [...all];
        expect(quantile(all.toReversed(), part)).toBe(quantile(all, part));
        expect(all).toEqual(copy);
      }),
    );
  });

  it('refuses to say anything of no values', () => {
    expect(() => quantile([], 0.5)).toThrow('there are no values');
  });
});

describe('median', () => {
  it.each<[readonly number[], number]>([
    [[7], 7],
    [[9, 1], 5],
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
  ])('of %j is %d: the value in the middle, or what is between the two', (all, middle) => {
    expect(median(all)).toBe(middle);
  });

  it('has as many values above it as below', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 50 }), (all) => {
        const middle = median(all);
        const count = (holds: (value: number) => boolean) => all.filter(holds).length;
        expect(count((value) => value < middle)).toBe(count((value) => value > middle));
      }),
    );
  });
});

describe('spreadOf', () => {
  it('rounds to two decimals, and its parts are in order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: 0, max: 1e6 }), { minLength: 1 }), (all) => {
        const spread = spreadOf(all);
        expect(spread.p90).toBeGreaterThanOrEqual(spread.median);
        expect(spread.max).toBeGreaterThanOrEqual(spread.p90);
        expect(Number(spread.max.toFixed(2))).toBe(spread.max);
      }),
    );
  });
});
