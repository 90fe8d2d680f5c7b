import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';

const transientNames: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'TransactionConflictException',
  'ReplicatedWriteConflictException',
]);

/**
 * Says whether a request may be sent again after this error.
 *
 * @param error - what the client threw
 * @returns true for throttling, faults of the service, errors of the connection and aborts; false for a refusal, and
 *   for an error that is not known, which is a fault of the program and must be seen
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function isTransient(error: unknown): error is Error {
  if (error instanceof DynamoDBServiceException) {
    return (
      transientNames.has(error.name) ||
      error.$fault === 'server' ||
      (error.$metadata.httpStatusCode ?? 0) >= 500
    );
  }
  if (!(error instanceof Error)) return false;
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return true;
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^(E[A-Z]+|ERR_(STREAM|SOCKET|HTTP2)_\w+)$/.test(code);
}
