// Goal: the encodings that this package writes out for itself agree with the language's own. Method: laws over any text
// and any bytes, and the known pitfalls.

import { utf8Length } from '@oncefold/reducer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodedLength } from '../test/virtual-driver.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { decodeUtf8 } from './decode-utf8.ts';

const texts = fc.string({ unit: 'binary', maxLength: 300 });

describe('utf8Length', () => {
  it('counts as the encoding of URIs does', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(utf8Length(text)).toBe(encodedLength(text));
      }),
    );
  });

  it('counts a lone surrogate as its replacement character', () => {
    expect(utf8Length('\ud800')).toBe(3);
    expect(utf8Length('\udc00a')).toBe(4);
    expect(utf8Length('\ud800\ud800\udc00')).toBe(7);
  });
});

describe('decodeUtf8', () => {
  it('reads back what was encoded', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(decodeUtf8(encode(text))).toBe(text);
      }),
    );
  });

  it('reads texts longer than one call takes', () => {
    const text = 'aé€😀'.repeat(5_000);
    expect(decodeUtf8(encode(text))).toBe(text);
  });

  it.each([
    ['a lone continuation', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong three', [0xe0, 0x80, 0xaf]],
    ['an overlong four', [0xf0, 0x80, 0x80, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['an unknown first byte', [0xff]],
    ['a cut sequence', [0xe2, 0x82]],
    ['a wrong continuation', [0xe2, 0x28, 0xa1]],
  ])('refuses %s', (_name, bytes) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toBeUndefined();
  });
});

describe('base64', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('writes %j as RFC 4648 has it', (text, written) => {
    expect(encodeBase64(encode(text))).toBe(written);
  });

  it.each(['Z', 'Zm9vY', 'Zm9*', 'Zm9\u00e9'])('refuses %j', (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});

function encode(text: string): Uint8Array {
  const parts = encodeURIComponent(text).match(/%..|[^%]/g) ?? [];
  return Uint8Array.from(parts, (part) =>
    part.length === 3 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0),
  );
}
