import { describe, expect, it } from 'vitest';
import type { Goal } from '../figure.ts';
import { anyFigure } from './any-figure.ts';
import { resultOf } from './result-of.ts';

const pairs = [
  { subject: 3, reference: 1 },
  { subject: 2, reference: 2 },
  { subject: 8, reference: 4 },
];

describe('resultOf', () => {
  it('compares the two of a round with each other, not the medians of all rounds', () => {
    expect(resultOf(anyFigure({ of: 'ratio', max: 2 }), { pairs }, false)).toMatchObject({
      rounds: 3,
      subject: { min: 2, median: 3, max: 8 },
      ofReference: { min: 1, median: 2, max: 4 },
      ratio: { min: 1, median: 2, max: 3 },
      difference: { min: 0, median: 2, max: 4 },
    });
  });

  it.each<[Goal, boolean]>([
    [{ of: 'ratio', max: 2 }, true],
    [{ of: 'ratio', max: 1.99 }, false],
    [{ of: 'difference', max: 2 }, true],
    [{ of: 'difference', max: 1.99 }, false],
    [{ of: 'subject', max: 3 }, true],
    [{ of: 'subject', max: 2.99 }, false],
  ])('judges the median by the goal %o: %s', (goal, isMet) => {
    expect(resultOf(anyFigure(goal), { pairs }, false).isMet).toBe(isMet);
  });

  it('refuses a measurement without rounds', () => {
    expect(() => resultOf(anyFigure({ of: 'ratio', max: 2 }), { pairs: [] }, false)).toThrow(
      'there are no values',
    );
  });
});
