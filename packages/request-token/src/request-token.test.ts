import { describe, expect, test } from 'vitest';
import { RequestTokenError, type RequestTokenErrorCode, requestToken } from './index.ts';

const batch = { namespace: 'oncefold', consumer: 'reduce', recordIds: ['a', 'b', 'c'] };

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
  test('has 36 characters of the base64url alphabet', () => {
    expect(requestToken(batch)).toMatch(/^[A-Za-z0-9_-]{36}$/);
  });

  test('is the same for the same records in any order', () => {
    expect(requestToken({ ...batch, recordIds: ['c', 'a', 'b'] })).toBe(requestToken(batch));
  });

  test('leaves the list of record ids as it was', () => {
    const recordIds = ['c', 'a', 'b'];
    requestToken({ ...batch, recordIds });
    expect(recordIds).toEqual(['c', 'a', 'b']);
  });

  test('is another one for one record less, for another consumer, for another namespace', () => {
    const tokens = [
      requestToken(batch),
      requestToken({ ...batch, recordIds: ['a', 'b'] }),
      requestToken({ ...batch, consumer: 'reduce-2' }),
      requestToken({ ...batch, namespace: 'oncefold-2' }),
    ];
    expect(new Set(tokens).size).toBe(4);
  });

  test('takes 10,000 record ids and texts of 1,024 bytes', () => {
    const recordIds = Array.from({ length: 10_000 }, (_, index) => `record-${index}`);
    expect(requestToken({ ...batch, recordIds })).toHaveLength(36);
    expect(requestToken({ ...batch, consumer: 'é'.repeat(512) })).toHaveLength(36);
  });

  const refusals: [what: string, options: object, code: RequestTokenErrorCode, field: string][] = [
    ['no records', { recordIds: [] }, 'empty', 'recordIds'],
    ['one record given twice', { recordIds: ['a', 'b', 'a'] }, 'duplicate', 'recordIds[2]'],
    ['an empty record id', { recordIds: ['a', ''] }, 'empty', 'recordIds[1]'],
    ['a missing record id', { recordIds: ['a', undefined] }, 'not-text', 'recordIds[1]'],
    ['a hole in the list', { recordIds: new Array(1) }, 'not-text', 'recordIds[0]'],
    ['a number as record id', { recordIds: [1] }, 'not-text', 'recordIds[0]'],
    ['a lone surrogate', { recordIds: ['a', 'b', 'c', '\ud800'] }, 'malformed-unicode', 'recordIds[3]'],
    ['a record id of 1,025 bytes', { recordIds: ['r'.repeat(1025)] }, 'too-long', 'recordIds[0]'],
    ['more bytes than characters', { recordIds: ['é'.repeat(513)] }, 'too-long', 'recordIds[0]'],
    ['10,001 records', { recordIds: Array.from({ length: 10_001 }, String) }, 'too-many', 'recordIds'],
    ['a text in place of the list', { recordIds: 'abc' }, 'not-a-list', 'recordIds'],
    ['no list', { recordIds: undefined }, 'not-a-list', 'recordIds'],
    ['an empty consumer', { consumer: '' }, 'empty', 'consumer'],
    ['no consumer', { consumer: undefined }, 'not-text', 'consumer'],
    ['an empty namespace', { namespace: '' }, 'empty', 'namespace'],
    ['a malformed namespace', { namespace: '\udfff' }, 'malformed-unicode', 'namespace'],
  ];
  test.each(refusals)('refuses %s and names the field', (_what, change, code, field) => {
    const error = errorOf({ ...batch, ...change });
    expect({ code: error.code, field: error.field }).toEqual({ code, field });
    expect(error.message.startsWith(`${field} `)).toBe(true);
  });

  test('keeps the value out of the message', () => {
    const error = errorOf({ ...batch, recordIds: ['secret', 'secret'] });
    expect(error.message).not.toContain('secret');
  });
});
