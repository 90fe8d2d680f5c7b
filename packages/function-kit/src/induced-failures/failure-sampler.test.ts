import { describe, expect, it } from 'vitest';
import { createFailureSampler } from './failure-sampler.ts';

const draw = (sampler: { fails(percentage: number): boolean }, percentage: number, count: number) =>
  Array.from({ length: count }, () => sampler.fails(percentage));
const seeds = Array.from({ length: 60 }, (_none, seed) => seed);

describe('createFailureSampler', () => {
  it.each([1, 2.5, 5, 10, 33.3, 50, 75, 99])(
    'meets %s percent in every run of invocations, give or take one',
    (percentage) => {
      for (const seed of seeds) {
        const drawn = draw(createFailureSampler({ name: 'p', seed }), percentage, 500);
        let failures = 0;
        for (const [index, fails] of drawn.entries()) {
          failures += fails ? 1 : 0;
          expect(Math.abs(failures - ((index + 1) * percentage) / 100)).toBeLessThanOrEqual(1.01);
        }
      }
    },
  );

  it.each([1, 5, 10, 20])(
    'fails first within the first half of the period at %s percent, and never the first of all',
    (percentage) => {
      const firsts = new Set<number>();
      for (const seed of seeds) {
        const first = draw(createFailureSampler({ name: 'p', seed }), percentage, 100).indexOf(true);
        expect(first).toBeGreaterThanOrEqual(1);
        expect(first).toBeLessThanOrEqual(50 / percentage);
        firsts.add(first);
      }
      // The start is spread, so that functions do not fail in step.
      expect(firsts.size).toBeGreaterThan(1);
    },
  );

  it.each([5, 10, 49, 50])('never fails twice in a row at %s percent', (percentage) => {
    for (const seed of seeds) {
      const drawn = draw(createFailureSampler({ name: 'p', seed }), percentage, 300);
      expect(drawn.some((fails, index) => fails && drawn[index + 1])).toBe(false);
    }
  });

  it.each([60, 90, 99, 99.9])('lets a batch that is tried again through at %s percent', (percentage) => {
    for (const seed of seeds) {
      const drawn = draw(createFailureSampler({ name: 'p', seed }), percentage, 1_500);
      expect(drawn).toContain(false);
      expect(drawn[0]).toBe(false);
    }
  });

  it('fails never at 0 percent and always at 100 percent', () => {
    expect(draw(createFailureSampler({ name: 'p' }), 0, 100)).not.toContain(true);
    expect(draw(createFailureSampler({ name: 'p' }), 100, 100)).not.toContain(false);
  });

  it('repeats itself with the same seed and name only', () => {
    const of = (name: string, seed: number) => draw(createFailureSampler({ name, seed }), 7, 200);
    expect(of('p', 1)).toEqual(of('p', 1));
    expect(of('p', 1)).not.toEqual(of('p', 2));
    expect(of('p', 1)).not.toEqual(of('q', 1));
  });

  it('follows a percentage that changes', () => {
    const sampler = createFailureSampler({ name: 'p', seed: 1 });
    expect(draw(sampler, 0, 50)).not.toContain(true);
    expect(draw(sampler, 20, 50).filter(Boolean).length).toBeGreaterThanOrEqual(10);
    expect(draw(sampler, 0, 50)).not.toContain(true);
  });
});
