import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../src/base64url.ts';
import { sha256Base64Url, utf8ToBytes } from '../src/sha256.ts';
import * as node from '../src/sha256-node.ts';

describe('sha256Base64Url', () => {
  it('gives in JavaScript what Node.js gives, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(sha256Base64Url(bytes)).toBe(node.sha256Base64Url(bytes));
      }),
    );
  });
});

describe('utf8ToBytes', () => {
  it('gives in JavaScript what Node.js gives, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect([...utf8ToBytes(text)]).toEqual([...node.utf8ToBytes(text)]);
      }),
    );
  });
});

describe('toBase64Url', () => {
  it('writes any number of bytes as Node.js does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      }),
    );
  });
});
