/**
 * Goal: no input can make the key of something else.
 * Method: laws over patterns and values of a small alphabet, in which everything that escaping could confuse is likely: separators,
 * `%`, digits that look like an escape, and the letters of the fixed text.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyPattern, type KeyPattern } from './index.ts';

const value = fc.oneof(
  fc.string({
    unit: fc.constantFrom('A', '2', '3', '5', '%', '#', ':', 'é', '/'),
    minLength: 1,
    maxLength: 6,
  }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
);
const word = fc.string({ unit: fc.constantFrom('A', '2', '3'), maxLength: 2 });

/** Text for between two parts: words around 1 or 2 of the separators. */
const separating = (separators: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(word, fc.constantFrom(...separators), word, fc.constantFrom('', ...separators), word)
    .map((of) => of.join(''));

/** A pattern, and some values for it. */
interface Drawn {
  readonly keyPattern: KeyPattern;
  readonly values: Record<string, string>;
}

/** Patterns of 1 to 3 parts, with all of the separators in their literals, so that all escape the same characters. */
const drawn = (
  separators: readonly string[],
  first: fc.Arbitrary<string> = separating(separators),
): fc.Arbitrary<Drawn> =>
  fc
    .record({
      first,
      between: fc.array(separating(separators), { maxLength: 2 }),
      end: separating(separators),
      values: fc.array(value, { minLength: 3, maxLength: 3 }),
    })
    .map(({ first: head, between, end, values }) => {
      const literals = [head, ...between, end + separators.join('')];
      const pattern = literals
        .map((literal, index) => (index === 0 ? literal : `{p${index}}${literal}`))
        .join('');
      const keyPattern = createKeyPattern(pattern);
      const of = keyPattern.parts.map((part, index) => [part, values[index] ?? 'x'] as const);
      return { keyPattern, values: Object.fromEntries(of) };
    });

const anyPattern = fc
  .subarray(['#', ':', '/', 'é'], { minLength: 1 })
  .chain((separators) => drawn(separators));

describe('format and parse', () => {
  it('are inverse to each other', () => {
    fc.assert(
      fc.property(anyPattern, ({ keyPattern, values }) => {
        const key = keyPattern.format(values);
        expect(keyPattern.parse(key)).toEqual(values);
        expect(key.isWellFormed()).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('read a text only if it is what is written for the values', () => {
    const text = fc.string({
      unit: fc.constantFrom('A', '2', '3', '%', '#', '%23', '%25', '\ud800'),
      maxLength: 8,
    });
    const { format, parse } = createKeyPattern('{a}#A{b}');
    fc.assert(
      fc.property(
        fc.tuple(text, text).map((of) => of.join('#A')),
        (key) => {
          const values = parse(key);
          fc.pre(values !== undefined);
          expect(format(values ?? { a: '', b: '' })).toBe(key);
        },
      ),
    );
  });
});

describe('format', () => {
  it('never gives two lists of values one key', () => {
    const pair = fc.tuple(value, value);
    fc.assert(
      fc.property(
        fc.subarray(['#', ':', '/'], { minLength: 1 }).chain(separating),
        fc.oneof(fc.tuple(pair, pair), movedSeparator()),
        (literal, [one, other]) => {
          const { format } = createKeyPattern(`{a}${literal}{b}`);
          const [first, second] = [one, other].map(([a, b]) => format({ a, b }));
          expect(first === second).toBe(JSON.stringify(one) === JSON.stringify(other));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('never gives one key to two patterns that begin with different words', () => {
    const separators = fc.subarray(['#', ':', '/', 'é'], { minLength: 1 });
    const beginning = (first: string): fc.Arbitrary<Drawn> =>
      separators.chain((of) =>
        drawn(
          of,
          fc.constantFrom(...of).map((separator) => first + separator),
        ),
      );
    fc.assert(
      fc.property(beginning('A'), beginning('A2'), (one, other) => {
        expect(one.keyPattern.format(one.values)).not.toBe(other.keyPattern.format(other.values));
      }),
      { numRuns: 500 },
    );
  });

  it('gives one key to two patterns with the same separators only if fixed text meets equal text or a part', () => {
    const piece = fc.constantFrom('A', '2', '{}');
    const two = fc.record({
      pieces: fc.array(piece, { minLength: 1, maxLength: 3 }),
      texts: fc.array(fc.constantFrom('A', '2', '#', '%'), { minLength: 3, maxLength: 3 }),
    });
    const keyOf = (pieces: readonly string[], texts: readonly string[]): string => {
      const parts = pieces.map((each, index) => (each === '{}' ? `{p${index}}` : each));
      const values = Object.fromEntries(texts.map((text, index) => [`p${index}`, text]));
      return createKeyPattern(`#${parts.join('#')}`).format(values);
    };
    fc.assert(
      fc.property(two, two, (one, other) => {
        if (keyOf(one.pieces, one.texts) === keyOf(other.pieces, other.texts)) {
          expect(one.pieces.length).toBe(other.pieces.length);
          for (const [index, fixed] of one.pieces.entries()) {
            expect([fixed, '{}', one.texts[index]]).toContain(other.pieces[index]);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('lets a part stand for the fixed text of another pattern, and separators differ in what they escape', () => {
    expect(createKeyPattern('{type}#{id}').format({ type: 'PAGE', id: '7' })).toBe(
      createKeyPattern('PAGE#{page}').format({ page: '7' }),
    );
    expect(createKeyPattern('PAGE#{page}:{day}').format({ page: 'a', day: 'b' })).toBe(
      createKeyPattern('PAGE#{page}').format({ page: 'a:b' }),
    );
  });
});

describe('formatPrefix', () => {
  it('is what the keys of the leading values begin with, and no others of the pattern', () => {
    fc.assert(
      fc.property(
        anyPattern,
        fc.array(value, { minLength: 3, maxLength: 3 }),
        fc.nat(2),
        (one, texts, drop) => {
          const { parts, format, formatPrefix } = one.keyPattern;
          const leading = parts.slice(0, Math.min(drop, parts.length - 1));
          const others = Object.fromEntries(parts.map((part, index) => [part, texts[index] ?? '']));
          const prefix = formatPrefix(
            Object.fromEntries(leading.map((part) => [part, one.values[part] ?? ''])),
          );
          const withSameLeading = {
            ...others,
            ...Object.fromEntries(leading.map((part) => [part, one.values[part] ?? ''])),
          };
          expect(format(withSameLeading).startsWith(prefix)).toBe(true);
          const isSame = leading.every((part) => others[part] === one.values[part]);
          expect(format(others).startsWith(prefix)).toBe(isSame);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('leaves the keys behind it in the order of the last part, where nothing of it is escaped', () => {
    const { format } = createKeyPattern('PAGE#{page}#{at}');
    const at = fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') })
      .map((date) => date.toISOString());
    fc.assert(
      fc.property(value, at, at, (page, one, other) => {
        expect(format({ page, at: one }) < format({ page, at: other })).toBe(one < other);
      }),
    );
  });
});

/** Two pairs of values that are one text when they are joined without escaping: the separator stands elsewhere. */
function movedSeparator(): fc.Arbitrary<[[string, string], [string, string]]> {
  return fc
    .tuple(value, value, value, fc.constantFrom('#', ':', '/', '%23', '%'))
    .map(([a, b, c, separator]) => [
      [a + separator + b, c],
      [a, b + separator + c],
    ]);
}
