import { describe, expect, it } from 'vitest';
import { createIdentityKeys, identityKey, RequestTokenError, type RequestTokenErrorCode } from './index.ts';

const identity = {
  namespace: 'production',
  consumer: 'stock',
  source: 'arn:aws:kinesis:stream/orders',
  id: 'a',
};

/** Calls as JavaScript would, where no type stands in the way. */
function errorOf(change: object): RequestTokenError {
  try {
    identityKey({ ...identity, ...change });
  } catch (error) {
    if (error instanceof RequestTokenError) {
      return error;
    }
    throw error;
  }
  throw new Error('The identity was accepted.');
}

describe('identityKey', () => {
  it('writes the four fields in order, so that an operator can read them', () => {
    expect(identityKey(identity)).toBe('v2#production#stock#arn:aws:kinesis:stream/orders#a');
  });

  it('escapes the separator, and the sign that escapes it, in each part', () => {
    expect(identityKey({ namespace: 'n#', consumer: '%c', source: '#s%23', id: '1#%25' })).toBe(
      'v2#n%23#%25c#%23s%2523#1%23%2525',
    );
  });

  it('is another key for another namespace, consumer, source and id', () => {
    const keys = [
      identityKey(identity),
      identityKey({ ...identity, namespace: 'staging' }),
      identityKey({ ...identity, consumer: 'comparison' }),
      identityKey({ ...identity, source: 'arn:aws:kinesis:stream/returns' }),
      identityKey({ ...identity, id: 'b' }),
    ];
    expect(new Set(keys).size).toBe(5);
  });

  it('is plain up to 1,024 UTF-8 bytes and a hash of the whole identity beyond', () => {
    const prefixBytes = identityKey(identity).length - 1;
    const fits = { ...identity, id: 'r'.repeat(1024 - prefixBytes) };
    expect(identityKey(fits)).toHaveLength(1024);
    expect(identityKey({ ...fits, id: `${fits.id}r` })).toMatch(/^v2#sha256#[A-Za-z0-9_-]{43}$/);
    expect(identityKey({ ...identity, id: 'é'.repeat(512) })).toMatch(/^v2#sha256#[A-Za-z0-9_-]{43}$/);
  });

  it('counts what escaping adds', () => {
    expect(identityKey({ ...identity, id: '#'.repeat(400) })).toMatch(/^v2#sha256#/);
  });

  it('distinguishes long ids of one beginning, and long ids of two streams', () => {
    const long = 'r'.repeat(5000);
    const keys = [
      identityKey({ ...identity, id: `${long}1` }),
      identityKey({ ...identity, id: `${long}2` }),
      identityKey({ ...identity, source: 'arn:aws:kinesis:stream/returns', id: `${long}1` }),
    ];
    expect(new Set(keys).size).toBe(3);
  });

  it('hashes an id with a lone surrogate, and distinguishes it from every other', () => {
    const ids = ['\ud800', '\ud801', '\udc00', '\ufffd', '\\ud800', 'a\ud800', '\ud800a'];
    const keys = ids.map((id) => identityKey({ ...identity, id }));
    expect(new Set(keys).size).toBe(ids.length);
    expect(keys[0]).toMatch(/^v2#sha256#/);
    expect(keys[3]).toMatch(/^v2#production#/);
  });

  it('has no key that another identity can forge by imitating its hash', () => {
    const hashed = identityKey({ ...identity, id: '\ud800' });
    const [, form = '', digest = ''] = hashed.split('#');
    expect(identityKey({ namespace: form, consumer: digest, source: 's', id: 'i' })).not.toBe(hashed);
    expect(identityKey({ ...identity, id: hashed })).not.toBe(hashed);
  });

  const refusals: [what: string, change: object, code: RequestTokenErrorCode, field: string][] = [
    ['an empty id', { id: '' }, 'empty', 'id'],
    ['a missing id', { id: undefined }, 'not-text', 'id'],
    ['a number as id', { id: 1 }, 'not-text', 'id'],
    ['an empty source', { source: '' }, 'empty', 'source'],
    ['a missing source', { source: undefined }, 'not-text', 'source'],
    ['a source of 1,025 bytes', { source: 's'.repeat(1025) }, 'too-long', 'source'],
    ['a malformed source', { source: '\ud800' }, 'malformed-unicode', 'source'],
    ['an empty namespace', { namespace: '' }, 'empty', 'namespace'],
    ['a namespace of 256 bytes', { namespace: 'é'.repeat(128) }, 'too-long', 'namespace'],
    ['a malformed namespace', { namespace: '\udfff' }, 'malformed-unicode', 'namespace'],
    ['an empty consumer', { consumer: '' }, 'empty', 'consumer'],
    ['a consumer of 256 bytes', { consumer: 'c'.repeat(256) }, 'too-long', 'consumer'],
  ];
  it.each(refusals)('refuses %s and names the field', (_what, change, code, field) => {
    const error = errorOf(change);
    expect({ code: error.code, field: error.field }).toEqual({ code, field });
    expect(error.message.startsWith(`${field} must`)).toBe(true);
  });

  it('takes names of 255 bytes and a source of 1,024', () => {
    const longest = {
      namespace: 'n'.repeat(255),
      consumer: 'c'.repeat(255),
      source: 's'.repeat(1024),
      id: 'a',
    };
    expect(identityKey(longest)).toMatch(/^v2#sha256#/);
  });

  it('says the limit and not the value', () => {
    expect(errorOf({ consumer: 'secret'.repeat(50) }).message).toBe(
      'consumer must have at most 255 UTF-8 bytes.',
    );
    expect(errorOf({ source: 'secret'.repeat(500) }).message).toBe(
      'source must have at most 1024 UTF-8 bytes.',
    );
  });
});

describe('createIdentityKeys', () => {
  const { id: _, ...origin } = identity;

  it('writes the keys that identityKey writes, plain, escaped and hashed', () => {
    const keyOf = createIdentityKeys(origin);
    for (const id of ['order-1', '#', '%23', 'é', '\ud800', 'r'.repeat(1024)]) {
      expect(keyOf(id)).toBe(identityKey({ ...origin, id }));
    }
  });

  it('refuses an empty id', () => {
    expect(() => createIdentityKeys(origin)('')).toThrow('id must not be empty.');
  });
});
