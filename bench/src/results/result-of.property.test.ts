import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFigure } from './any-figure.ts';
import { resultOf } from './result-of.ts';

const time = fc.double({ min: 0.001, max: 1e6, noNaN: true });
const pairs = fc.array(fc.record({ subject: time, reference: time }), { minLength: 1, maxLength: 20 });
const of = fc.constantFrom('ratio', 'difference', 'subject');

describe('resultOf', () => {
  it('has spreads in order, within what a round was', () => {
    fc.assert(
      fc.property(pairs, of, (all, what) => {
        const result = resultOf(anyFigure({ of: what, max: 1 }), { pairs: all }, false);
        for (const spread of [result.subject, result.ofReference, result.ratio, result.difference]) {
          expect(spread.min).toBeLessThanOrEqual(spread.median);
          expect(spread.median).toBeLessThanOrEqual(spread.max);
        }
        expect(result.rounds).toBe(all.length);
        expect(result.subject.max).toBe(
          Number(Math.max(...all.map(({ subject }) => subject)).toPrecision(4)),
        );
      }),
    );
  });

  it('says the same of the rounds in any order', () => {
    fc.assert(
      fc.property(pairs, (all) => {
        const { measuredAt: _at, ...result } = resultOf(
          anyFigure({ of: 'ratio', max: 1 }),
          { pairs: all },
          false,
        );
        expect(
          resultOf(anyFigure({ of: 'ratio', max: 1 }), { pairs: all.toReversed() }, false),
        ).toMatchObject(result);
      }),
    );
  });

  it('gives the ratio of a machine that is twice as slow from its second round on as that of one that is not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 9 }), (reference, ratio) => {
        const rounds = [1, 2, 2].map((slow) => ({
          subject: slow * reference * ratio,
          reference: slow * reference,
        }));
        const result = resultOf(anyFigure({ of: 'ratio', max: 1 }), { pairs: rounds }, false);
        expect(result.ratio).toEqual({ min: ratio, median: ratio, max: ratio });
      }),
    );
  });

  it('meets a goal if it meets a stricter one', () => {
    fc.assert(
      fc.property(pairs, of, time, time, (all, what, one, other) => {
        const isMetAt = (max: number) => resultOf(anyFigure({ of: what, max }), { pairs: all }, false).isMet;
        expect(isMetAt(Math.max(one, other))).toBe(isMetAt(one) || isMetAt(other));
      }),
    );
  });
});
