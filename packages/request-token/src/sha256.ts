import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { toBase64Url } from './base64url.ts';

/**
 * What is not in the language, for where Node.js is not: a browser. `sha256-node.ts` is the same for Node.js.
 *
 * `@noble/hashes` is pure JavaScript, audited, maintained and without dependencies; Web Crypto is asynchronous.
 */
export { utf8ToBytes };

/** Bytes that {@link writeUtf8} writes into. */
export type Bytes = Uint8Array;

/** They hold anything. */
export function allocateBytes(length: number): Bytes {
  return new Uint8Array(length);
}

/** Writes the UTF-8 bytes of a text, which must fit, and returns their number. */
export function writeUtf8(bytes: Bytes, text: string, offset: number): number {
  const encoded = utf8ToBytes(text);
  bytes.set(encoded, offset);
  return encoded.length;
}

/** SHA-256 of what it is given, piece by piece. */
export interface Sha256 {
  update(bytes: Uint8Array): void;
  /** 43 base64url characters. */
  digest(): string;
}

export function createSha256(): Sha256 {
  const hash = sha256.create();
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digest: () => toBase64Url(hash.digest()),
  };
}
