import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const CONNECTION_TIMEOUT_MS = 1_000;

/**
 * Makes the DynamoDB client of a function: one connection pool, kept alive, every limit said.
 *
 * Endpoint, Region and credentials are the SDK's own reading of the environment (`AWS_ENDPOINT_URL_DYNAMODB` among it).
 *
 * @param options.attemptsMax - how often the SDK itself sends one request, 1 or more. 1 where the caller retries
 * @param options.requestTimeoutMs - longest wait for one answer, in milliseconds
 * @param options.connectionsMax - requests under way at once
 */
export function createFunctionDynamoDb(options: {
  attemptsMax: number;
  requestTimeoutMs: number;
  connectionsMax: number;
}): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: options.attemptsMax,
    retryMode: 'standard',
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: options.requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: options.connectionsMax },
      httpsAgent: { keepAlive: true, maxSockets: options.connectionsMax },
    }),
  });
}
