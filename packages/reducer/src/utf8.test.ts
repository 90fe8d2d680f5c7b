import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLongerThan, utf8Length } from './utf8.ts';

describe('utf8Length', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['\u007f\u0080', 3],
    ['\u07ff\u0800', 5],
    ['日本', 6],
    ['😀', 4],
    ['\ud800', 3],
    ['\ud800a', 4],
    ['\udc00\ud800', 6],
  ])('counts the bytes of %j', (text, bytes) => {
    expect(utf8Length(text)).toBe(bytes);
  });

  test('counts as many bytes as percent-encoding has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Length(text)).toBe(encodeURIComponent(text).replace(/%../g, '.').length);
      }),
    );
  });
});

describe('isLongerThan', () => {
  test('takes the limit itself', () => {
    expect(isLongerThan('éé', 4)).toBe(false);
    expect(isLongerThan('ééx', 4)).toBe(true);
    expect(isLongerThan('x'.repeat(5), 4)).toBe(true);
  });
});
