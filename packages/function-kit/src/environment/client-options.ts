import { NodeHttpHandler } from '@smithy/node-http-handler';

const CONNECTION_TIMEOUT_MS = 1_000;

/**
 * Options of an SDK client in a function: one pool of connections that are kept alive, every limit explicit.
 *
 * Endpoint, Region and credentials are the SDK's own reading of the environment (`AWS_ENDPOINT_URL_DYNAMODB` among it).
 *
 * @param limits.attemptsMax - how often the SDK itself sends one request, 1 or more; 1 where the caller retries
 * @param limits.connectionsMax - requests in flight at once
 */
export function clientOptions(limits: {
  readonly attemptsMax: number;
  readonly requestTimeoutMs: number;
  readonly connectionsMax: number;
}): { maxAttempts: number; retryMode: 'standard'; requestHandler: NodeHttpHandler } {
  const agent = { keepAlive: true, maxSockets: limits.connectionsMax };
  return {
    maxAttempts: limits.attemptsMax,
    retryMode: 'standard',
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: limits.requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    }),
  };
}
