import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decimal, type ExactJson, formatDecimal, parseDecimal, parseJsonExact } from './index.ts';

const UNITS_MAX = 10n ** 30n - 1n;
const decimalText = fc
  .bigInt({ min: -UNITS_MAX, max: UNITS_MAX })
  .map((units) => formatDecimal(units as Decimal));
const space = fc.constantFrom('', ' ', '\n\t', '\r\n');
const name = fc.oneof(fc.constantFrom('__proto__', '10', 'a"\\', ''), fc.string({ unit: 'binary' }));

/** Reads a value back without the texts of numbers, to compare it with what JSON.parse makes of it. */
function toPlain(value: ExactJson): unknown {
  switch (value.kind) {
    case 'object':
      // As JSON.parse does it: `__proto__` becomes an own property.
      return Object.fromEntries([...value.members()].map(([name, member]) => [name, toPlain(member)]));
    case 'array':
      return value.items().map(toPlain);
    case 'string':
      return value.text();
    case 'number':
      return Number(value.numberText());
    case 'boolean':
      return value.boolean();
    case 'null':
      return null;
  }
}

describe('parseJsonExact', () => {
  it('gives back every decimal to the digit, wherever it is written', () => {
    fc.assert(
      fc.property(decimalText, name, space, fc.nat({ max: 3 }), (number, name, space, position) => {
        const items = Array.from({ length: 4 }, (_, index) => (index === position ? number : '0.1'));
        const list = `[${space}${items.join(`${space},${space}`)}${space}]`;
        const text = `${space}{"other"${space}:true,${JSON.stringify(`x${name}`)}:${space}${list}}${space}`;
        const found = parseJsonExact(text).get(`x${name}`).items()[position];
        expect(found?.numberText()).toBe(number);
        expect(formatDecimal(parseDecimal(found?.numberText() ?? ''))).toBe(number);
      }),
    );
  });

  it('finds what JSON.parse finds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), space, (value, space) => {
        const text = space + JSON.stringify(value, null, space) + space;
        expect(toPlain(parseJsonExact(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('agrees with JSON.parse about what is JSON at all', () => {
    const scraps = fc.string({ unit: fc.constantFrom(...'{}[]",:\\ 10e.-tn'), maxLength: 12 });
    fc.assert(
      fc.property(scraps, (text) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        let code = 'valid';
        try {
          parseJsonExact(text);
        } catch (error) {
          code = (error as { code: string }).code;
        }
        expect(code).toBe(isJson ? 'valid' : 'broken-json');
      }),
      { numRuns: 2000 },
    );
  });
});
