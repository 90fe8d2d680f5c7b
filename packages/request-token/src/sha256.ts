import { sha256 } from '@noble/hashes/sha2.js';
import { toBase64Url } from './base64url.ts';

/**
 * What is not in the language, for where Node.js is not: a browser. `sha256-node.ts` is the same for Node.js.
 *
 * `@noble/hashes` is pure JavaScript, audited, maintained and without dependencies; Web Crypto is asynchronous.
 */
export { utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256 of the bytes, as 43 base64url characters. */
export function sha256Base64Url(bytes: Uint8Array): string {
  return toBase64Url(sha256(bytes));
}
