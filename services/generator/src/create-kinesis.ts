import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 5_000;
/** A call that got no answer may have been taken: what comes twice then is dropped by its version. */
const ATTEMPTS_MAX = 3;
/** As many as calls are under way at once. */
const CONNECTIONS_MAX = 4;

/** Makes the client of the stream: HTTP/1.1, a few connections that are kept, every limit said. */
export function createKinesis(): KinesisClient {
  return new KinesisClient({
    maxAttempts: ATTEMPTS_MAX,
    retryMode: 'standard',
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: CONNECTIONS_MAX },
      httpsAgent: { keepAlive: true, maxSockets: CONNECTIONS_MAX },
    }),
  });
}
