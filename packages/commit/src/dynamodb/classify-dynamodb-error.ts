import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';

/**
 * What an error says about its request.
 *
 * - `throttled`: nothing was written; send it again later.
 * - `refused`: nothing was written, and sending it again would change nothing.
 * - `unavailable`: anything else. Whether it was written is unknown; send it again.
 */
export type DynamoDbErrorClass = 'throttled' | 'refused' | 'unavailable';

const THROTTLES: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'ThrottlingError',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'TooManyRequestsException',
  'TransactionConflictException',
  'ReplicatedWriteConflictException',
]);

/** Refusals that DynamoDB, its front end and KMS document. An error that is not among them is never taken for one. */
const REFUSALS: ReadonlySet<string> = new Set([
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
]);

/**
 * Classifies what a DynamoDB client threw, by what is known to be a refusal; everything else is unknown, because an answer that
 * cannot be read (a gateway's HTML page, a truncated body, a name that did not resolve) says nothing about the write.
 *
 * @param error - what `client.send` rejected with
 * @returns what the error says about its request; `unavailable` unless a throttle or a refusal is documented
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html
 */
export function classifyDynamoDbError(error: unknown): DynamoDbErrorClass {
  if (!(error instanceof DynamoDBServiceException)) {
    return 'unavailable';
  }
  if (THROTTLES.has(error.name)) {
    return 'throttled';
  }
  if (error.$fault === 'server' || (error.$metadata.httpStatusCode ?? 0) >= 500) {
    return 'unavailable';
  }
  // A request that was signed by a clock that is off, or waited too long, is signed anew and sent again.
  if (error.name === 'InvalidSignatureException' && /expired|not yet current/i.test(error.message)) {
    return 'unavailable';
  }
  return REFUSALS.has(error.name) ? 'refused' : 'unavailable';
}
