import { classifyDynamoDbError } from '@oncefold/commit/dynamodb';

/** A request of which it is not known whether it was done; it may be sent again. */
export interface Unavailable {
  readonly code: 'unavailable';
  readonly reason: string;
}

/** An answer that lacks what every complete answer has: cut off on its way, or not from DynamoDB. */
export const incompleteAnswer: Unavailable = { code: 'unavailable', reason: 'IncompleteAnswer' };

/**
 * Takes what a client threw.
 *
 * @param error - what the client threw
 * @returns the reason, where the request may be sent again: everything but what is known to be a refusal
 * @throws the error itself, where DynamoDB refused the request
 */
export function unavailableUnlessRefused(error: unknown): Unavailable {
  if (classifyDynamoDbError(error) === 'refused') {
    throw error;
  }
  return { code: 'unavailable', reason: error instanceof Error ? error.name : 'UnknownError' };
}
