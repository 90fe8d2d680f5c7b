import { describe, expect, it } from 'vitest';
import { CouldNotRunError } from './could-not-run-error.ts';
import { describeFailure } from './describe-failure.ts';

const request = { what: 'read the tables', endpoint: 'http://127.0.0.1:8000' };

function named(name: string, message: string, fields: object = {}): Error {
  return Object.assign(new Error(message), { name, ...fields });
}

describe('describeFailure', () => {
  it.each([
    [named('AggregateError', '', { code: 'ECONNREFUSED' }), /nothing answers at http:\/\/127.0.0.1:8000/],
    [new Error('wrapped', { cause: named('Error', '', { code: 'ECONNREFUSED' }) }), /connection refused/],
    [named('Error', '', { code: 'ENOTFOUND' }), /not known/],
    [named('TimeoutError', 'socket'), /did not answer in time/],
    [named('CredentialsProviderError', 'x'), /no AWS credentials found/],
    [new Error('Region is missing'), /pass --region/],
    [named('AccessDeniedException', 'User is not authorized'), /: User is not authorized$/],
    [named('UnrecognizedClientException', 'UnknownError'), /: UnrecognizedClientException$/],
    ['a text', /: a text$/],
  ])('says of %s what is wrong, in one line', (error, expected) => {
    const described = describeFailure(error, request);
    expect(described.message).toMatch(/^could not read the tables: [^\n]+$/);
    expect(described.message).toMatch(expected);
    expect(described.cause).toBe(error);
  });

  it('leaves alone what is clear already, and ends with a circle of causes', () => {
    const clear = new CouldNotRunError('one\n  line');
    expect(describeFailure(clear, request)).toBe(clear);
    expect(clear.message).toBe('one line');
    const circle = new Error('round');
    circle.cause = circle;
    expect(describeFailure(circle, request).message).toContain('round');
  });
});
