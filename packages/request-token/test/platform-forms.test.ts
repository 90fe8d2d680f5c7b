// Goal: Node.js gets its own SHA-256, a browser gets one that needs nothing of Node.js, and both name alike.
// Method: the package is bundled for each platform, as a user's bundler does it, and both bundles are called.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildForm } from './platform-forms.ts';

const node = await buildForm('node');
const pure = await buildForm('browser');

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 });
/** Any code units, so that lone surrogates are common; and texts that are too long for a key. */
const id = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
  fc.string({ unit: fc.constantFrom('a', '#', '%', 'é', '😀', '\ud800', '\udc00'), minLength: 1 }),
  fc.tuple(name, fc.integer({ min: 1, max: 1100 })).map(([text, count]) => text.repeat(count)),
);
const origin = fc.record({ namespace: name, consumer: name, source: name });

describe('the form for Node.js', () => {
  it('has no SHA-256 in JavaScript', () => {
    expect(node.builtins).toContain('node:crypto');
    expect(node.inputs.filter((path) => path.includes('noble'))).toEqual([]);
  });
});

describe('the form for browsers', () => {
  it('needs no module of Node.js', () => {
    expect(pure.builtins).toEqual([]);
    expect(pure.inputs.filter((path) => path.includes('noble')).length).toBeGreaterThan(0);
  });

  it('has the same keys and tokens as the form for Node.js', () => {
    const batch = fc.record({
      origin,
      recordIds: fc.uniqueArray(id, { minLength: 1, maxLength: 12 }),
    });
    fc.assert(
      fc.property(batch, ({ origin, recordIds }) => {
        for (const id of recordIds) {
          expect(pure.exports.identityKey({ ...origin, id })).toBe(
            node.exports.identityKey({ ...origin, id }),
          );
        }
        expect(pure.exports.requestToken({ ...origin, recordIds })).toBe(
          node.exports.requestToken({ ...origin, recordIds }),
        );
      }),
    );
  });
});
