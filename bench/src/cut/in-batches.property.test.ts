import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inBatches } from './in-batches.ts';

describe('inBatches', () => {
  it('has every value once, in order, in batches that are full, but for the last one, which is not empty', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        (values, size) => {
          const batches = inBatches(values, size);
          expect(batches.flat()).toEqual(values);
          expect(batches.slice(0, -1).every(({ length }) => length === size)).toBe(true);
          expect(batches.every(({ length }) => length > 0 && length <= size)).toBe(true);
        },
      ),
    );
  });
});
