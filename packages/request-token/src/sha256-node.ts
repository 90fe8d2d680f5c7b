import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Sha256 } from './sha256.ts';

export type Bytes = Buffer;

export function allocateBytes(length: number): Bytes {
  return Buffer.allocUnsafe(length);
}

export function writeUtf8(bytes: Bytes, text: string, offset: number): number {
  return bytes.write(text, offset);
}

export function utf8ToBytes(text: string): Uint8Array {
  return Buffer.from(text);
}

export function createSha256(): Sha256 {
  const hash = createHash('sha256');
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digest: () => hash.digest('base64url'),
  };
}
