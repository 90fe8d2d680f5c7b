import { NoAnswerError } from '@oncefold/operations/tables';
import { describe, expect, it } from 'vitest';
import { CouldNotRunError } from './could-not-run-error.ts';
import { describeFailure } from './describe-failure.ts';
import { MissingTableError } from './missing-table-error.ts';

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
    [named('CredentialsProviderError', 'x'), /export .* as `npm run oncefold -- up` prints them/],
    [new SyntaxError('Unexpected token <'), /what answers at http:\/\/127.0.0.1:8000 is not DynamoDB/],
    [named('Unknown', 'UnknownError', { $metadata: { httpStatusCode: 404 } }), /is not DynamoDB/],
    [new NoAnswerError('nothing'), /is not DynamoDB/],
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

  it.each([undefined, 'https://dynamodb.eu-west-1.amazonaws.com'])(
    'names the usual variables where AWS at %s has no credentials, and no local engine',
    (endpoint) => {
      const described = describeFailure(named('CredentialsProviderError', 'x'), { ...request, endpoint });
      expect(described.message).toContain('set AWS_PROFILE');
      const missing = new MissingTableError('StateTable');
      expect(describeFailure(missing, { ...request, endpoint })).toBe(missing);
    },
  );

  it('says that local tables belong to an access key', () => {
    expect(describeFailure(new MissingTableError('StateTable'), request).message).toMatch(
      /^there is no table StateTable at http:\/\/127.0.0.1:8000; local tables belong to an access key/,
    );
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
