import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLongerThan, utf8Length } from './utf8.ts';

describe('utf8Length', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['\u007f\u0080', 3],
    ['\u07ff\u0800', 5],
    ['日本', 6],
    ['😀', 4],
    ['\ud800', 3],
    ['\ud800a', 4],
    ['\udc00\ud800', 6],
    // The first and the last pair, and what is a pair by one half only.
    ['\ud800\udc00', 4],
    ['\udbff\udfff', 4],
    ['\ud7ff\udc00', 6],
    ['\udc00\udc00', 6],
    ['\ud800\udbff', 6],
    ['\ud800\ue000', 6],
  ])('counts the bytes of %j', (text, bytes) => {
    expect(utf8Length(text)).toBe(bytes);
  });

  it('counts as many bytes as percent-encoding has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Length(text)).toBe(encodeURIComponent(text).replace(/%../g, '.').length);
      }),
    );
  });
});

describe('utf8Length and isLongerThan', () => {
  it.each([
    [5, 'a number'],
    [undefined, 'undefined'],
    [null, 'null'],
    [['a'], 'an object'],
  ])('refuse %j, whose length would pass every limit', (value, type) => {
    expect(() => utf8Length(value as never)).toThrow(
      new TypeError(`utf8Length needs a string, but got ${type}.`),
    );
    expect(() => isLongerThan(value as never, 1024)).toThrow(TypeError);
  });
});

describe('isLongerThan', () => {
  it('takes the limit itself', () => {
    expect(isLongerThan('éé', 4)).toBe(false);
    expect(isLongerThan('xxxx', 4)).toBe(false);
    expect(isLongerThan('ééx', 4)).toBe(true);
    expect(isLongerThan('x'.repeat(5), 4)).toBe(true);
  });

  it('compares what utf8Length counts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 40 }), (text, bytesMax) => {
        expect(isLongerThan(text, bytesMax)).toBe(utf8Length(text) > bytesMax);
      }),
    );
  });
});
