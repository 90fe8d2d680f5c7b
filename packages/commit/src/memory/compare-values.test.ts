import { formatDecimal, type parseSum } from '@oncefold/reducer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttributeValue } from '../transaction-port.ts';
import { compareValues } from './compare-values.ts';

const signOf = (a: AttributeValue, b: AttributeValue): number | undefined => {
  const difference = compareValues(a, b);
  return difference === undefined ? undefined : Math.sign(difference);
};

describe('compareValues', () => {
  it('compares texts as their bytes in UTF-8', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\uffee', '😀', '😁'), maxLength: 4 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(signOf({ S: a }, { S: b })).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  it('compares bytes without a sign', () => {
    const bytes = fc.uint8Array({ maxLength: 3 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(signOf({ B: a }, { B: b })).toBe(Buffer.compare(a, b));
      }),
    );
  });

  it('compares numbers by value, however they are written', () => {
    const number = fc.bigInt(-(10n ** 20n), 10n ** 20n);
    const textOf = (units: bigint): string => formatDecimal(units as ReturnType<typeof parseSum>);
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(signOf({ N: textOf(a) }, { N: textOf(b) })).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
    expect(compareValues({ N: '1.50' }, { N: '15e-1' })).toBe(0);
  });

  it.each<[AttributeValue, AttributeValue]>([
    [{ S: '1' }, { N: '1' }],
    [{ N: '1' }, { B: Uint8Array.of(1) }],
    [{ B: Uint8Array.of(1) }, { S: '1' }],
  ])('does not compare %j with %j, which are of two types', (a, b) => {
    expect(compareValues(a, b)).toBeUndefined();
    expect(compareValues(b, a)).toBeUndefined();
  });
});
