import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../src/base64url.ts';
import { allocateBytes, createSha256, utf8ToBytes, writeUtf8 } from '../src/sha256.ts';
import * as node from '../src/sha256-node.ts';

describe('createSha256', () => {
  it('gives in JavaScript what Node.js gives, for any bytes in any pieces', () => {
    const digestOf = (create: typeof createSha256, pieces: readonly Uint8Array[]) => {
      const hash = create();
      for (const piece of pieces) {
        hash.update(piece);
      }
      return hash.digest();
    };
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }), (pieces) => {
        expect(digestOf(createSha256, pieces)).toBe(digestOf(node.createSha256, pieces));
      }),
    );
  });
});

describe('writeUtf8', () => {
  it('writes in JavaScript what Node.js writes, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.nat({ max: 5 }), (text, offset) => {
        const [ours, nodes] = [allocateBytes(100).fill(7), node.allocateBytes(100).fill(7)];
        expect(writeUtf8(ours, text, offset)).toBe(node.writeUtf8(nodes, text, offset));
        expect(Buffer.from(ours).equals(nodes)).toBe(true);
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
