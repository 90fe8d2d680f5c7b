import { describe, expect, it } from 'vitest';
import { slicesOf } from './slices.ts';
import type { SeedSlice } from './worker-messages.ts';

const source = { kind: 'stage', stage: 'commit' } as const;

describe('slicesOf', () => {
  it.each([
    [1, 1],
    [1, 16],
    [7, 2],
    [1_000, 3],
    [10_001, 8],
  ])('has each of %i seeds once, for %i workers', (count, workers) => {
    const slices = [...slicesOf({ kind: 'seeds', source, faults: undefined, from: 5, count }, workers)];
    const seeds = slices.flatMap((slice: SeedSlice) =>
      Array.from({ length: slice.count }, (_, index) => slice.from + index),
    );
    expect(seeds).toEqual(Array.from({ length: count }, (_, index) => 5 + index));
  });

  it('leaves no worker without work while there are histories for all', () => {
    expect([...slicesOf({ kind: 'seeds', source, faults: undefined, from: 0, count: 32 }, 8)]).toHaveLength(
      32,
    );
  });

  it('takes slices of a quarter of a second, as soon as it knows how fast the workers are', () => {
    const sizes = (perSecond: number): number[] => {
      const slices = [
        ...slicesOf({ kind: 'seeds', source, faults: undefined, from: 0, count: 10_000 }, 2, () => perSecond),
      ];
      return [...new Set(slices.slice(0, -1).map((slice) => slice.count))];
    };
    expect([0, 20, 400, 1_000_000].map(sizes)).toEqual([[16], [3], [50], [128]]);
  });
});
