/**
 * Goal: another implementation, in any language, can be checked against the published vectors, and ours agrees.
 * Method: the vectors were computed outside of this package (Python's hashlib and struct); the sweep compares with
 * node:crypto and Buffer at every length around the block and padding boundaries of SHA-256.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encodeBatch } from '../src/encode-batch.ts';
import { requestToken } from '../src/index.ts';

interface Vector {
  readonly name: string;
  readonly namespace: string;
  readonly consumer: string;
  readonly recordIds: string[];
  readonly token: string;
  readonly encoding?: string;
}

interface GeneratedVector extends Omit<Vector, 'recordIds' | 'encoding'> {
  readonly prefix: string;
  readonly digits: number;
  readonly count: number;
}

const file = JSON.parse(readFileSync(new URL('../test-vectors.json', import.meta.url), 'utf8')) as {
  readonly vectors: Vector[];
  readonly generated: GeneratedVector[];
};

function referenceToken(namespace: string, consumer: string, recordIds: readonly string[]): string {
  const encode = (text: string): Buffer => {
    const bytes = Buffer.from(text, 'utf8');
    return Buffer.concat([number(bytes.length), bytes]);
  };
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const parts = ['oncefold.request-token.v1', namespace, consumer].map(encode);
  parts.push(number(recordIds.length), ...[...recordIds].sort().map(encode));
  return createHash('sha256').update(Buffer.concat(parts)).digest('base64url').slice(0, 36);
}

describe('test-vectors.json', () => {
  test('is not empty', () => {
    expect(file.vectors.length).toBeGreaterThan(10);
    expect(file.generated).toHaveLength(1);
  });

  test.each(file.vectors)('holds for $name', ({ namespace, consumer, recordIds, token, encoding }) => {
    expect(requestToken({ namespace, consumer, recordIds })).toBe(token);
    if (encoding !== undefined) {
      const bytes = encodeBatch({ namespace, consumer, recordIds: [...recordIds].sort() });
      expect(Buffer.from(bytes).toString('hex')).toBe(encoding);
    }
  });

  test.each(file.generated)('holds for $name', ({ namespace, consumer, prefix, digits, count, token }) => {
    const recordIds = Array.from(
      { length: count },
      (_, index) => prefix + String(index).padStart(digits, '0'),
    );
    expect(requestToken({ namespace, consumer, recordIds })).toBe(token);
  });
});

describe('requestToken', () => {
  test('agrees with node:crypto for each length of an id from 1 to 300 bytes', () => {
    for (let length = 1; length <= 300; length += 1) {
      const recordIds = ['x'.repeat(length)];
      expect(requestToken({ namespace: 'n', consumer: 'c', recordIds })).toBe(
        referenceToken('n', 'c', recordIds),
      );
    }
  });

  test('agrees with node:crypto for each number of ids from 1 to 300', () => {
    const recordIds: string[] = [];
    for (let count = 1; count <= 300; count += 1) {
      recordIds.unshift(`id-${count}-😀é`);
      expect(requestToken({ namespace: 'größe', consumer: 'c', recordIds })).toBe(
        referenceToken('größe', 'c', recordIds),
      );
    }
  });
});
