import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * Lets a client send a plain write again that met a transaction on its item. Nothing has been written then, so that it counts
 * once; the SDK alone gives up, and a batch of which a part is added fails.
 */
export function retryConflicts(dynamodb: DynamoDBClient): DynamoDBClient {
  dynamodb.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (error instanceof Error && error.name === 'TransactionConflictException') {
          Object.assign(error, { $retryable: { throttling: true } });
        }
        throw error;
      }
    },
    { step: 'deserialize', priority: 'high', name: 'retryConflicts', override: true },
  );
  return dynamodb;
}
