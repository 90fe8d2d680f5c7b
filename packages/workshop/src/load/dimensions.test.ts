import { describe, expect, it } from 'vitest';
import { createDimensions, namedDimensions } from './dimensions.ts';
import { WorkloadError } from './workload.ts';

describe('createDimensions', () => {
  it.each([
    [1, 1],
    [1, 7],
    [3, 7],
    [5, 1000],
    [16, 99_999],
    [2, 100_000],
  ])('makes %i levels with %i leaves', (levels, leaves) => {
    const dimensions = createDimensions({ levels, leaves });
    expect(dimensions).toHaveLength(levels);
    expect(dimensions.reduce((product, { values }) => product * values.length, 1)).toBe(leaves);
    expect(new Set(dimensions.flatMap(({ name, values }) => [name, ...values])).size).toBe(
      dimensions.reduce((sum, { values }) => sum + 1 + values.length, 0),
    );
  });

  it.each([
    [0, 1],
    [17, 1],
    [1, 0],
    [1, 100_001],
    [1, 1.5],
  ])('refuses %d levels with %d leaves', (levels, leaves) => {
    expect(() => createDimensions({ levels, leaves })).toThrow(WorkloadError);
  });
});

describe('namedDimensions', () => {
  it('gives dimensions of the lab their values and others some of their own', () => {
    expect(namedDimensions(['Region', 'Book'])).toEqual([
      { name: 'Region', values: ['EMEA', 'APAC', 'AMER'] },
      { name: 'Book', values: ['Book 1', 'Book 2', 'Book 3'] },
    ]);
  });
});
