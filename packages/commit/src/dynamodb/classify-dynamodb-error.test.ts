import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { classifyDynamoDbError } from './classify-dynamodb-error.ts';

const errorOf = (
  name: string,
  own: { $fault?: 'client' | 'server'; httpStatusCode?: number; message?: string } = {},
) =>
  new DynamoDBServiceException({
    name,
    message: own.message ?? '',
    $fault: own.$fault ?? 'client',
    $metadata: own.httpStatusCode === undefined ? {} : { httpStatusCode: own.httpStatusCode },
  });

describe('classifyDynamoDbError', () => {
  it.each([
    'ThrottlingException',
    'ThrottlingError',
    'ProvisionedThroughputExceededException',
    'RequestLimitExceeded',
    'LimitExceededException',
    'TooManyRequestsException',
    'TransactionConflictException',
    'ReplicatedWriteConflictException',
  ])('takes %s for a throttle, whatever its status', (name) => {
    expect(classifyDynamoDbError(errorOf(name, { httpStatusCode: 400 }))).toBe('throttled');
    expect(classifyDynamoDbError(errorOf(name, { $fault: 'server', httpStatusCode: 503 }))).toBe('throttled');
  });

  it.each([
    'AccessDenied',
    'AccessDeniedException',
    'ConditionalCheckFailedException',
    'DuplicateItemException',
    'IdempotentParameterMismatchException',
    'IncompleteSignature',
    'IncompleteSignatureException',
    'InvalidClientTokenId',
    'InvalidEndpointException',
    'InvalidSignatureException',
    'ItemCollectionSizeLimitExceededException',
    'MissingAuthenticationToken',
    'MissingAuthenticationTokenException',
    'NotAuthorized',
    'OptInRequired',
    'ResourceNotFoundException',
    'SerializationException',
    'TableNotFoundException',
    'TransactionCanceledException',
    'UnknownOperationException',
    'UnrecognizedClientException',
    'ValidationException',
  ])('takes %s for a refusal, unless a server says it', (name) => {
    expect(classifyDynamoDbError(errorOf(name, { httpStatusCode: 400 }))).toBe('refused');
    expect(classifyDynamoDbError(errorOf(name))).toBe('refused');
    expect(classifyDynamoDbError(errorOf(name, { httpStatusCode: 499 }))).toBe('refused');
    expect(classifyDynamoDbError(errorOf(name, { httpStatusCode: 500 }))).toBe('unavailable');
    expect(classifyDynamoDbError(errorOf(name, { $fault: 'server' }))).toBe('unavailable');
  });

  it.each([
    ['InvalidSignatureException', 'Signature expired: 1 is now earlier than 2', 'unavailable'],
    ['InvalidSignatureException', 'Signature not yet current: 2 is still later than 1', 'unavailable'],
    ['InvalidSignatureException', 'The request signature we calculated does not match', 'refused'],
    ['UnrecognizedClientException', 'The security token has expired', 'refused'],
  ])(
    'says of %s, "%s", that it is %s: a request that is signed anew may be taken',
    (name, message, expected) => {
      expect(classifyDynamoDbError(errorOf(name, { message }))).toBe(expected);
    },
  );

  it.each([
    ['an error nobody knows', errorOf('BrandNewException')],
    ['an error without a name', errorOf('')],
    ['an error of the network', Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' })],
    [
      'an error of another kind with the name of a refusal',
      Object.assign(new Error(''), { name: 'ValidationException' }),
    ],
    ['what is no error', undefined],
  ])('takes %s for no answer: whether it was written is unknown', (_, error) => {
    expect(classifyDynamoDbError(error)).toBe('unavailable');
  });
});
