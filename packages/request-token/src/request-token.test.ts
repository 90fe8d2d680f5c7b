import { describe, expect, it } from 'vitest';
import { RequestTokenError, type RequestTokenErrorCode, requestToken } from './index.ts';

const batch = {
  namespace: 'oncefold',
  consumer: 'reduce',
  source: 'arn:aws:kinesis:stream/orders',
  recordIds: ['a', 'b', 'c'],
};

/** Calls as JavaScript would, where no type stands in the way. */
function errorOf(options: unknown): RequestTokenError {
  try {
    requestToken(options as Parameters<typeof requestToken>[0]);
  } catch (error) {
    if (error instanceof RequestTokenError) {
      return error;
    }
    throw error;
  }
  throw new Error('The options were accepted.');
}

describe('requestToken', () => {
  it('has 36 characters of the base64url alphabet', () => {
    expect(requestToken(batch)).toMatch(/^[A-Za-z0-9_-]{36}$/);
  });

  it('is the same for the same records in any order', () => {
    expect(requestToken({ ...batch, recordIds: ['c', 'a', 'b'] })).toBe(requestToken(batch));
  });

  it('leaves the list of record ids as it was', () => {
    const recordIds = ['c', 'a', 'b'];
    requestToken({ ...batch, recordIds });
    expect(recordIds).toEqual(['c', 'a', 'b']);
  });

  it('is another one for one record less, another consumer, namespace or source', () => {
    const tokens = [
      requestToken(batch),
      requestToken({ ...batch, recordIds: ['a', 'b'] }),
      requestToken({ ...batch, consumer: 'reduce-2' }),
      requestToken({ ...batch, namespace: 'oncefold-2' }),
      requestToken({ ...batch, source: 'arn:aws:kinesis:stream/returns' }),
    ];
    expect(new Set(tokens).size).toBe(5);
  });

  it('takes the ids of the user records in a batch of aggregated ones', () => {
    const recordIds = Array.from({ length: 100_000 }, (_, index) => `record-${index}`);
    expect(requestToken({ ...batch, recordIds })).toHaveLength(36);
  });

  it('takes ids of any length and with lone surrogates, because no business key may stop a shard', () => {
    const long = 'r'.repeat(100_000);
    const tokens = [[long], [`${long}1`], ['\ud800'], ['\ud801'], ['\ufffd']].map((recordIds) =>
      requestToken({ ...batch, recordIds }),
    );
    expect(new Set(tokens).size).toBe(5);
  });

  it('is another one than that of version 1 of the format', () => {
    // The token of ['a'] under these names by 0.1.0, from its test-vectors.json.
    expect(requestToken({ ...batch, recordIds: ['a'] })).not.toBe('sZ8HA6xcsUtlTFhJfaydVCechLsPeN0ZO-4r');
  });

  const refusals: [what: string, options: object, code: RequestTokenErrorCode, field: string][] = [
    ['no records', { recordIds: [] }, 'empty', 'recordIds'],
    ['one record given twice', { recordIds: ['a', 'b', 'a'] }, 'duplicate', 'recordIds[2]'],
    ['an empty record id', { recordIds: ['a', ''] }, 'empty', 'recordIds[1]'],
    ['a missing record id', { recordIds: ['a', undefined] }, 'not-text', 'recordIds[1]'],
    ['a hole in the list', { recordIds: new Array(1) }, 'not-text', 'recordIds[0]'],
    ['a number as record id', { recordIds: [1] }, 'not-text', 'recordIds[0]'],
    ['1,000,001 records', { recordIds: new Array(1_000_001) }, 'too-many', 'recordIds'],
    ['a text in place of the list', { recordIds: 'abc' }, 'not-a-list', 'recordIds'],
    ['no list', { recordIds: undefined }, 'not-a-list', 'recordIds'],
    ['an empty consumer', { consumer: '' }, 'empty', 'consumer'],
    ['no consumer', { consumer: undefined }, 'not-text', 'consumer'],
    ['an empty namespace', { namespace: '' }, 'empty', 'namespace'],
    ['a consumer of 256 bytes', { consumer: 'é'.repeat(128) }, 'too-long', 'consumer'],
    ['no source', { source: undefined }, 'not-text', 'source'],
    ['a malformed namespace', { namespace: '\udfff' }, 'malformed-unicode', 'namespace'],
  ];
  const remedies: Readonly<Record<RequestTokenErrorCode, string>> = {
    'not-text': 'must be a string',
    'not-a-list': 'must be an array of strings',
    empty: 'must not be empty',
    'too-long': 'must have at most 255 UTF-8 bytes',
    'too-many': 'must have at most 1,000,000 entries',
    'malformed-unicode': 'must be well-formed Unicode, without lone surrogates',
    duplicate: 'must not repeat an earlier entry',
  };
  it.each(refusals)('refuses %s, names the field and says what it must be', (_what, change, code, field) => {
    const { name, code: actual, field: blamed, message } = errorOf({ ...batch, ...change });
    expect({ name, code: actual, field: blamed, message }).toEqual({
      name: 'RequestTokenError',
      code,
      field,
      message: `${field} ${remedies[code]}.`,
    });
  });

  it('keeps the value out of the message', () => {
    const error = errorOf({ ...batch, recordIds: ['secret', 'secret'] });
    expect(error.message).not.toContain('secret');
  });
});
