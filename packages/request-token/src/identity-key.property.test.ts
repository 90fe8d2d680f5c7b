import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Identity, identityKey } from './index.ts';

const KEY_BYTES_MAX = 1024;

/** Separators, what escapes them, halves of a surrogate pair and names of prototype properties are common. */
const pieces = [
  'a',
  '#',
  '%',
  '%23',
  '%25',
  '\\',
  '"',
  '\ud800',
  '\udc00',
  '\ufffd',
  'é',
  '😀',
  '__proto__',
  '\u0000',
];
const piece = fc.constantFrom(...pieces);
const name = fc
  .oneof(
    fc.array(piece, { minLength: 1, maxLength: 4 }),
    fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 })),
  )
  .map((parts) => parts.join('').toWellFormed().slice(0, 40).toWellFormed());
const id = fc.oneof(
  fc.array(piece, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  // Around the longest key, so that one is plain and its neighbour is hashed.
  fc.tuple(piece, fc.integer({ min: 900, max: 1100 })).map(([part, length]) => part.repeat(length)),
);
const identity: fc.Arbitrary<Identity> = fc.record({ namespace: name, consumer: name, source: name, id });

/** Two identities that often differ in one part only, or in where two parts meet. */
const pair = fc
  .tuple(identity, identity)
  .chain(([one, other]) =>
    fc.tuple(
      fc.constant(one),
      fc.oneof(
        fc.constant(other),
        fc.constant({ ...one, id: other.id }),
        fc.constant({ ...one, source: other.source }),
        fc.constant({ ...one, consumer: one.namespace, namespace: one.consumer }),
        fc.constant({ ...one, source: `${one.consumer}#${one.source}`, consumer: one.namespace }),
        fc.constant({ ...one, id: identityKey(one) }),
      ),
    ),
  );

const utf8 = (text: string): string =>
  encodeURIComponent(text).replaceAll(/%[0-9A-F]{2}/g, (_byte: string) => '.');

describe('identityKey', () => {
  it('is equal exactly when all four fields are', () => {
    const parts = (one: Identity): string =>
      JSON.stringify([one.namespace, one.consumer, one.source, one.id]);
    fc.assert(
      fc.property(pair, ([one, other]) => {
        expect(identityKey(one) === identityKey(other)).toBe(parts(one) === parts(other));
      }),
      { numRuns: 2000 },
    );
  });

  it('is well-formed and has at most 1,024 UTF-8 bytes, and is hashed only where it must be', () => {
    fc.assert(
      fc.property(identity, (one) => {
        const key = identityKey(one);
        expect(key.isWellFormed()).toBe(true);
        expect(utf8(key).length).toBeLessThanOrEqual(KEY_BYTES_MAX);
        const escaped = [one.namespace, one.consumer, one.source, one.id.toWellFormed()].map((part) =>
          part.replaceAll(/[%#]/g, '%00'),
        );
        const mustHash = !one.id.isWellFormed() || utf8(`v2#${escaped.join('#')}`).length > KEY_BYTES_MAX;
        expect(/^v2#sha256#[A-Za-z0-9_-]{43}$/.test(key)).toBe(mustHash);
      }),
      { numRuns: 2000 },
    );
  });

  it('can be read back where it is plain', () => {
    fc.assert(
      fc.property(identity, (one) => {
        const [version, ...escaped] = identityKey(one).split('#');
        fc.pre(escaped.length === 4);
        const parts = escaped.map((part) => part.replaceAll('%23', '#').replaceAll('%25', '%'));
        expect([version, ...parts]).toEqual(['v2', one.namespace, one.consumer, one.source, one.id]);
      }),
    );
  });
});
