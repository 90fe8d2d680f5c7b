/**
 * Goal: the short way of reading knows no text that the long way reads otherwise, or refuses.
 * Method: texts as they are written, and such texts with a few characters changed, read by `readJsonMembers` and `parseSum` as the reference.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatContribution, parseContribution } from './contribution.ts';
import { type Decimal, parseSum } from './decimal.ts';
import { decodeString, readJsonMembers } from './json-members.ts';
import { readWrittenContribution } from './read-written-contribution.ts';

const UNITS_MAX = 10n ** 38n - 1n;

const decimal = fc
  .oneof(fc.bigInt({ min: -UNITS_MAX, max: UNITS_MAX }), fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }))
  .map((units) => units as Decimal);
const key = fc.oneof(
  fc.constantFrom('PV', 'PV:FXSpot', 'Aa', 'BB', '__proto__', '10', '9', ''),
  fc.string({ unit: fc.constantFrom('a', 'b', ':'), maxLength: 3 }),
  fc.string({ unit: 'binary' }),
);
const contribution = fc.array(fc.tuple(key, decimal), { maxLength: 6 }).map((entries) => new Map(entries));

/** Cuts characters out of a text, and puts others there. */
const change = fc.record({
  at: fc.nat(),
  length: fc.nat({ max: 2 }),
  put: fc.string({ unit: fc.constantFrom(...'{}[]",:\\ 10.-eu\u0000\n\u007f\u2028\ud800a'), maxLength: 3 }),
});
const almostWritten = fc
  .tuple(contribution.map(formatContribution), fc.array(change, { maxLength: 3 }))
  .map(([text, changes]) =>
    changes.reduce((changed, { at, length, put }) => {
      const start = at % (changed.length + 1);
      return changed.slice(0, start) + put + changed.slice(start + length);
    }, text),
  );

/** Reads by the general way alone; undefined: it is refused. */
function readGenerally(text: string): [string, Decimal][] | undefined {
  const json = readJsonMembers(text);
  if (json.code === 'invalid') {
    return undefined;
  }
  try {
    return [...json.members].map(([name, token]) => {
      if (token.kind !== 'string' && token.kind !== 'number') {
        throw new TypeError('no sum');
      }
      return [name, parseSum(token.kind === 'string' ? decodeString(token) : token.source)];
    });
  } catch {
    return undefined;
  }
}

describe('readWrittenContribution', () => {
  it('knows each text as it is written, unless a key needs an escape', () => {
    fc.assert(
      fc.property(contribution, (sums) => {
        const text = formatContribution(sums);
        const isKnown = sums.size > 0 && !text.includes('\\');
        expect(readWrittenContribution(text)).toEqual(isKnown ? sums : undefined);
        expect([...parseContribution(text)]).toEqual([...sums]);
      }),
    );
  });

  it('reads what it knows as any other JSON is read, and knows nothing that is refused', () => {
    fc.assert(
      fc.property(almostWritten, (text) => {
        const expected = readGenerally(text);
        const known = readWrittenContribution(text);
        if (known !== undefined) {
          expect([...known]).toEqual(expected);
        }
        if (expected === undefined) {
          expect(() => parseContribution(text)).toThrow('The contribution is refused');
        } else {
          expect([...parseContribution(text)]).toEqual(expected);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
