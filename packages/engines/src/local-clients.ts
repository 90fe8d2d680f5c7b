import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { LOCAL_REGION, type LocalCredentials } from './fresh-credentials.ts';

interface LocalClientOptions {
  /** Base URL of the engine; a function is asked when the first request is sent. */
  readonly endpoint: string | (() => Promise<string>);
  readonly credentials: LocalCredentials;
  /** Default `us-east-1`. */
  readonly region?: string;
  /** How often one request is sent, 1 or more; 5 by default, because a busy local engine answers 500 at times. */
  readonly maxAttempts?: number;
}

export interface LocalClients {
  readonly dynamodb: DynamoDBClient;
  /** Uses DynamoDB's endpoint. */
  readonly dynamodbStreams: DynamoDBStreamsClient;
  readonly kinesis: KinesisClient;
  /** Present where there are queues. */
  readonly sqs?: SQSClient;
}

const CONNECTION_TIMEOUT_MS = 2_000;
const REQUEST_TIMEOUT_MS = 30_000;
const SOCKETS_MAX = 64;
const ATTEMPTS = 5;

/** Makes the clients of a whole local application, with nothing left to the environment. */
export function createLocalClients(
  options: Omit<LocalClientOptions, 'endpoint'> & {
    readonly dynamodbEndpoint: string;
    readonly kinesisEndpoint: string;
    /** Absent for an application without queues. */
    readonly sqsEndpoint?: string | undefined;
  },
): LocalClients {
  const dynamodb = { ...options, endpoint: options.dynamodbEndpoint };
  return {
    dynamodb: createLocalDynamoDb(dynamodb),
    dynamodbStreams: new DynamoDBStreamsClient(clientSettings(dynamodb)),
    kinesis: createLocalKinesis({ ...options, endpoint: options.kinesisEndpoint }),
    ...(options.sqsEndpoint !== undefined && {
      sqs: createLocalSqs({ ...options, endpoint: options.sqsEndpoint }),
    }),
  };
}

/**
 * Makes a DynamoDB client of a local engine.
 *
 * The SDK sends a request again after an HTTP 500, so that a plain `ADD` may count twice: where that matters, set
 * `maxAttempts` to 1.
 */
export function createLocalDynamoDb(options: LocalClientOptions): DynamoDBClient {
  return new DynamoDBClient(clientSettings(options));
}

/** Makes a Kinesis client over HTTP/1.1, because no local engine speaks the SDK's default, HTTP/2. */
export function createLocalKinesis(options: LocalClientOptions): KinesisClient {
  return new KinesisClient(clientSettings(options));
}

/** Makes an SQS client of a local engine. */
export function createLocalSqs(options: LocalClientOptions): SQSClient {
  return new SQSClient(clientSettings(options));
}

function clientSettings(options: LocalClientOptions) {
  const { endpoint, credentials, region = LOCAL_REGION, maxAttempts = ATTEMPTS } = options;
  return {
    region,
    endpoint: typeof endpoint === 'string' ? endpoint : async () => parseEndpoint(await endpoint()),
    credentials,
    maxAttempts,
    retryMode: 'standard',
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },
    }),
  };
}

/** The SDK takes text at once, but a later answer only in components. */
function parseEndpoint(text: string) {
  const { protocol, hostname, port, pathname } = new URL(text);
  return { protocol, hostname, port: Number(port), path: pathname };
}
