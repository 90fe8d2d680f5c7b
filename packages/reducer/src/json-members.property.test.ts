import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeString, readJsonMembers } from './json-members.ts';

/** Any JSON object as text, with white space wherever the grammar allows it. */
const objectText = fc
  .tuple(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.constantFrom('', ' ', '\t', '\n\n'))
  .map(([value, space]) => ({ value, text: space + JSON.stringify(value, null, space) + space }));

describe('readJsonMembers', () => {
  it('finds the members that JSON.parse finds, each with its source', () => {
    fc.assert(
      fc.property(objectText, ({ text }) => {
        const expected = JSON.parse(text) as Record<string, unknown>;
        const json = readJsonMembers(text);
        if (json.code === 'invalid') {
          throw new Error(json.reason);
        }
        expect(new Set(json.members.keys())).toEqual(new Set(Object.keys(expected)));
        for (const [name, token] of json.members) {
          const value: unknown = expected[name];
          expect(JSON.parse(token.source)).toEqual(value);
          expect(token.source).toBe(token.source.trim());
          if (token.kind === 'string') {
            expect(decodeString(token)).toBe(value);
          } else {
            expect(token.kind).toBe(value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
          }
        }
      }),
    );
  });

  it('takes no text from what is none, although JSON.parse would', () => {
    for (const value of [undefined, null, 5, Object('{"a":1}'), ['{"a":1}']]) {
      expect(readJsonMembers(value as string)).toEqual({ code: 'invalid', reason: 'broken-json' });
    }
  });

  it('agrees with JSON.parse about what is an object at all', () => {
    const scraps = fc.string({ unit: fc.constantFrom(...'{}[]",:\\ 10e.-tn'), maxLength: 12 });
    fc.assert(
      fc.property(scraps, (text) => {
        let isObject = false;
        try {
          const value: unknown = JSON.parse(text);
          isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
        } catch {
          // Not JSON: stays false.
        }
        const json = readJsonMembers(text);
        expect(json.code === 'valid' || json.reason === 'duplicate-name').toBe(isObject);
      }),
      { numRuns: 2000 },
    );
  });
});
