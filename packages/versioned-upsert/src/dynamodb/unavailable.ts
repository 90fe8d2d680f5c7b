import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { classifyDynamoDbError } from '@oncefold/commit/dynamodb';
import type { Unavailable } from '../request-all.ts';

/** A table refused a request, or answered in a way that this code does not know; retrying would not help. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code = 'store-refused';
}

/** An answer that lacks what every complete answer has: cut off on its way, or not from DynamoDB. */
export const incompleteAnswer: Unavailable = { code: 'unavailable', reason: 'IncompleteAnswer' };

/** The names by which DynamoDB refuses what it cannot read or does not take, and no others. */
const ABOUT_REQUEST: ReadonlySet<string> = new Set(['SerializationException', 'ValidationException']);

/** Says whether a request is refused for what is in it, and not for its table or the function's rights. */
export function isAboutRequest(error: unknown): boolean {
  return (
    error instanceof DynamoDBServiceException &&
    (ABOUT_REQUEST.has(error.name) || error.$metadata.httpStatusCode === 413)
  );
}

/** Takes what a client threw. */
export function unavailableUnlessRefused(error: unknown): Unavailable {
  if (classifyDynamoDbError(error) === 'refused') {
    throw error;
  }
  return { code: 'unavailable', reason: error instanceof Error ? error.name : 'UnknownError' };
}
