import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spreadLabels } from './spread-labels.ts';

const places = fc
  .array(fc.double({ min: -50, max: 50, noNaN: true }), { maxLength: 8 })
  .map((values) => values.sort((a, b) => b - a));
const distance = fc.double({ min: 0.1, max: 10, noNaN: true });

describe('spreadLabels', () => {
  it('keeps all labels apart and in order', () => {
    fc.assert(
      fc.property(places, distance, (belong, apart) => {
        const go = spreadLabels(belong, apart);
        expect(go).toHaveLength(belong.length);
        for (const [index, place] of go.entries()) {
          const next = go[index + 1];
          if (next !== undefined) {
            expect(place - next).toBeGreaterThanOrEqual(apart - 1e-9);
          }
        }
      }),
    );
  });

  it('does not move labels that are far enough apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), distance, (count, apart) => {
        const belong = Array.from({ length: count }, (_, index) => -index * (apart + 1));
        for (const [index, place] of spreadLabels(belong, apart).entries()) {
          expect(place).toBeCloseTo(belong[index] ?? Number.NaN, 9);
        }
      }),
    );
  });

  it('spreads a crowd to both sides', () => {
    expect(spreadLabels([5, 5, 5], 2)).toEqual([7, 5, 3]);
  });
});
