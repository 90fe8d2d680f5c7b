import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inPieces } from './in-pieces.ts';

describe('inPieces', () => {
  it('has every value once, in order, in pieces that are as long as each other but for one value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        (values, count) => {
          const pieces = inPieces(values, count);
          const sizes = pieces.map(({ length }) => length);
          expect(pieces).toHaveLength(count);
          expect(pieces.flat()).toEqual(values);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
