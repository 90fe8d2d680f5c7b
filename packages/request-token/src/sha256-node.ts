import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';

/** SHA-256 of the bytes, as 43 base64url characters. */
export function sha256Base64Url(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}

export function utf8ToBytes(text: string): Uint8Array {
  return Buffer.from(text);
}
