import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientOptions } from './client-options.ts';

/**
 * What a function of ours has no use for, in each request: a copy of input and output for a log that is not written, and the names of
 * SDK, system and features as header. Without them a request costs a fifth less CPU, sockets not counted.
 */
const IDLE_MIDDLEWARE = ['loggerMiddleware', 'getUserAgentMiddleware'] as const;

/** Makes a function's client of DynamoDB. */
export function createDynamoDbClient(limits: Parameters<typeof clientOptions>[0]): DynamoDBClient {
  const client = new DynamoDBClient(clientOptions(limits));
  for (const name of IDLE_MIDDLEWARE) {
    if (!client.middlewareStack.remove(name)) {
      throw new Error(`invariant: the SDK has no ${name}`);
    }
  }
  return client;
}
