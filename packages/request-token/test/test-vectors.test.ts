/**
 * Goal: another implementation, in any language, can be checked against the published vectors, and ours agrees, in
 * the form for Node.js and in the form for browsers.
 * Method: the vectors were computed outside of this package (Python's hashlib and struct); both forms are bundled as
 * a user's bundler does it; the sweep compares with node:crypto and Buffer at every length around the block and
 * padding boundaries of SHA-256.
 */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeBatch } from '../src/encode-batch.ts';
import { type Identity, identityKey } from '../src/index.ts';
import { buildForm } from './platform-forms.ts';

interface Vector {
  readonly name: string;
  readonly namespace: string;
  readonly consumer: string;
  readonly source: string;
  readonly recordIds: string[];
  readonly token: string;
  readonly encoding: string;
}

interface GeneratedVector extends Omit<Vector, 'recordIds' | 'encoding'> {
  readonly prefix: string;
  readonly digits: number;
  readonly count: number;
}

const file = JSON.parse(readFileSync(new URL('../test-vectors.json', import.meta.url), 'utf8')) as {
  readonly identityKeys: (Identity & { readonly name: string; readonly key: string })[];
  readonly vectors: Vector[];
  readonly generated: GeneratedVector[];
};

/** For ids without separators, which are plain. */
function referenceToken({
  namespace,
  consumer,
  source,
  recordIds,
}: Omit<Vector, 'name' | 'token' | 'encoding'>): string {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const encode = (text: string): Buffer => {
    const bytes = Buffer.from(text, 'utf8');
    return Buffer.concat([number(bytes.length), bytes]);
  };
  const keys = recordIds.map((id) => `v2#${namespace}#${consumer}#${source}#${id}`).sort();
  const parts = [encode('oncefold.request-token.v2'), number(keys.length), ...keys.map(encode)];
  return createHash('sha256').update(Buffer.concat(parts)).digest('base64url').slice(0, 36);
}

const forms = [
  { form: 'Node.js', ...(await buildForm('node')) },
  { form: 'browsers', ...(await buildForm('browser')) },
];

describe('test-vectors.json', () => {
  it('is not empty', () => {
    expect(file.vectors.length).toBeGreaterThan(10);
    expect(file.identityKeys.length).toBeGreaterThan(10);
    expect(file.generated).toHaveLength(1);
  });

  it.each(file.vectors)('has the bytes of $name', ({ recordIds, encoding, ...names }) => {
    const keys = recordIds.map((id) => identityKey({ ...names, id })).sort();
    let encoded = '';
    encodeBatch('', keys, (chunk) => {
      encoded += Buffer.from(chunk).toString('hex');
    });
    expect(encoded).toBe(encoding);
  });
});

describe.each(forms)('the form for $form', ({ exports: { identityKey, requestToken } }) => {
  it.each(file.identityKeys)('has the published key: $name', ({ name: _, key, ...identity }) => {
    expect(identityKey(identity)).toBe(key);
  });

  it.each(file.vectors)('has the published token: $name', ({ recordIds, token, ...names }) => {
    expect(requestToken({ ...names, recordIds })).toBe(token);
  });

  it.each(file.generated)('has the published token: $name', ({ prefix, digits, count, token, ...names }) => {
    const recordIds = Array.from(
      { length: count },
      (_, index) => prefix + String(index).padStart(digits, '0'),
    );
    expect(requestToken({ ...names, recordIds })).toBe(token);
  });

  const names = { namespace: 'größe', consumer: 'c', source: 's' };

  it('agrees with node:crypto for each length of an id from 1 to 300 bytes', () => {
    for (let length = 1; length <= 300; length += 1) {
      const batch = { ...names, recordIds: ['x'.repeat(length)] };
      expect(requestToken(batch)).toBe(referenceToken(batch));
    }
  });

  it('agrees with node:crypto for each number of ids from 1 to 300', () => {
    const recordIds: string[] = [];
    for (let count = 1; count <= 300; count += 1) {
      recordIds.unshift(`id-${count}-😀é`);
      expect(requestToken({ ...names, recordIds })).toBe(referenceToken({ ...names, recordIds }));
    }
  });
});
