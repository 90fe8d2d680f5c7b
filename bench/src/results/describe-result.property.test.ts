import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Goal, Pair } from '../figure.ts';
import { anyFigure } from './any-figure.ts';
import { goalText, headline, measured } from './describe-result.ts';
import { resultOf } from './result-of.ts';

function resultFor(goal: Goal, pairs: readonly Pair[]) {
  return resultOf(anyFigure(goal), { pairs }, false);
}

const time = fc.double({ min: 0.001, max: 1e6, noNaN: true });
const pairs = fc.array(fc.record({ subject: time, reference: time }), { minLength: 1, maxLength: 20 });
const goal = fc.record({
  of: fc.constantFrom('ratio', 'difference', 'subject'),
  max: fc.constantFrom(0.2, 1, 1.11, 1.2, 10, 200, 3_000),
});
/** Rounds so near to the goal that rounding may take them to its other side. */
const nearGoal = goal.chain(({ max, ...rest }) =>
  fc
    .array(fc.double({ min: 0.99, max: 1.01, noNaN: true }), { minLength: 1, maxLength: 3 })
    .map((shares) => ({
      goal: { max, ...rest },
      pairs: shares.map((share) =>
        rest.of === 'difference'
          ? { subject: 1 + max * share, reference: 1 }
          : { subject: max * share, reference: 1 },
      ),
    })),
);

describe('measured', () => {
  it('shows a median that is on the side of the goal that was judged', () => {
    fc.assert(
      fc.property(fc.oneof(fc.record({ goal, pairs }), nearGoal), (options) => {
        const result = resultFor(options.goal, options.pairs);
        const shown = Number.parseFloat(measured(result));
        expect(shown <= result.goal.max).toBe(result.isMet);
      }),
    );
  });

  it('shows three digits, and more only where they decide', () => {
    const of = (ratio: number) =>
      measured(resultFor({ of: 'ratio', max: 1.2 }, [{ subject: ratio, reference: 1 }]));
    expect([1.1994, 1.2004, 1.2014, 12_341].map(of)).toEqual(['1.2 ×', '1.2 ×', '1.201 ×', '12300 ×']);
  });

  it('shows the spread where rounds differ, from the smallest to the largest', () => {
    const rounds = [1, 3, 2].map((subject) => ({ subject, reference: 1 }));
    expect(measured(resultFor({ of: 'subject', max: 3 }, rounds))).toBe('2 (1 to 3) ms');
    expect(measured(resultFor({ of: 'difference', max: 3 }, rounds))).toBe('1 (0 to 2) ms');
  });
});

describe('goalText', () => {
  it.each<[Goal, string]>([
    [{ of: 'ratio', max: 1.2 }, '1.2 ×'],
    [{ of: 'difference', max: 0.2 }, '0.2 ms more'],
    [{ of: 'subject', max: 10 }, '10 ms'],
  ])('of %j is %s', (any, text) => {
    expect(goalText(resultFor(any, [{ subject: 1, reference: 1 }]))).toBe(text);
  });
});

describe('headline', () => {
  it('says whether the goal is met', () => {
    const of = (max: number) => headline(resultFor({ of: 'ratio', max }, [{ subject: 3, reference: 2 }]));
    expect(of(2)).toBe('commit: 3 against 2 ms, 1.5 ×, goal 2 ×: met');
    expect(of(1)).toBe('commit: 3 against 2 ms, 1.5 ×, goal 1 ×: MISSED');
  });
});
