/** Goal: the stand-ins do what Node.js does, for what the packages use. Method: both are asked the same. */
import { AsyncLocalStorage as NodeStorage } from 'node:async_hooks';
import { isDeepStrictEqual as nodeEquals } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AsyncLocalStorage } from '../../playground/shims/async-hooks.ts';
import { Buffer as Shim } from '../../playground/shims/buffer.ts';
import { isDeepStrictEqual } from '../../playground/shims/util.ts';

const values = fc.oneof(
  fc.object({
    maxDepth: 3,
    withBigInt: true,
    withNullPrototype: true,
    withSparseArray: false,
  }),
  fc.array(
    fc.oneof(
      fc.integer(),
      fc.string(),
      fc.bigInt(),
      fc.constant(undefined),
      fc.constant(Number.NaN),
      fc.constant(-0),
    ),
  ),
  fc.uint8Array({ maxLength: 4 }),
  // Contributions are maps by the text of their keys.
  fc.array(fc.tuple(fc.string(), fc.object({ maxDepth: 1 }))).map((entries) => new Map(entries)),
);

describe('isDeepStrictEqual', () => {
  it('agrees with Node.js about copies', () => {
    fc.assert(
      fc.property(values, (value) => {
        const copy = structuredClone(value);
        expect(isDeepStrictEqual(value, copy)).toBe(nodeEquals(value, copy));
        expect(isDeepStrictEqual(value, value)).toBe(true);
      }),
    );
  });

  it('agrees with Node.js about any two', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(isDeepStrictEqual(a, b)).toBe(nodeEquals(a, b));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [{ a: undefined }, {}],
    [new Map([['a', { b: 1 }]]), new Map([['a', { b: 1 }]])],
    [new Map([['a', 1]]), new Map([['b', 1]])],
    [[1, 2], { 0: 1, 1: 2 }],
    [0, -0],
    [1n, 1],
    [null, {}],
  ])('agrees with Node.js about %o and %o', (a, b) => {
    expect(isDeepStrictEqual(a, b)).toBe(nodeEquals(a, b));
  });
});

describe('Buffer', () => {
  it('measures texts and writes base64 as Node.js does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.uint8Array(), (text, bytes) => {
        expect(Shim.byteLength(text)).toBe(Buffer.byteLength(text));
        expect(Shim.from(bytes).toString('base64')).toBe(Buffer.from(bytes).toString('base64'));
      }),
    );
  });
});

describe('AsyncLocalStorage', () => {
  it.each([
    ['Node.js', NodeStorage],
    ['the stand-in', AsyncLocalStorage],
  ] as const)('has its store during a call and not after it: %s', (_, Storage) => {
    const storage = new Storage<true>();
    expect(storage.getStore()).toBeUndefined();
    expect(storage.run(true, () => storage.getStore())).toBe(true);
    expect(() =>
      storage.run(true, () => {
        throw new Error('failed');
      }),
    ).toThrow('failed');
    expect(storage.getStore()).toBeUndefined();
  });
});
