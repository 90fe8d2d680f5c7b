import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { LOCAL_REGION, type LocalCredentials } from './fresh-credentials.ts';

/** How to reach one local engine. */
export interface LocalClientOptions {
  /** Base URL of the engine; a function is asked when the first request is sent. */
  readonly endpoint: string | (() => Promise<string>);
  readonly credentials: LocalCredentials;
  /** How often one request is sent, 1 or more; 5 by default, because a busy local engine answers 500 at times. */
  readonly maxAttempts?: number;
}

/** How to reach both local engines. */
export interface LocalClientsOptions {
  readonly dynamodbEndpoint: string;
  readonly kinesisEndpoint: string;
  readonly credentials: LocalCredentials;
  /** As {@link LocalClientOptions.maxAttempts}. */
  readonly maxAttempts?: number;
}

/** Clients of the local engines; destroy each when it is no longer used. */
export interface LocalClients {
  readonly dynamodb: DynamoDBClient;
  readonly dynamodbStreams: DynamoDBStreamsClient;
  readonly kinesis: KinesisClient;
}

const CONNECTION_TIMEOUT_MS = 2_000;
const REQUEST_TIMEOUT_MS = 30_000;
const SOCKETS_MAX = 64;
const ATTEMPTS = 5;

/** Makes the clients of a whole local application, with nothing left to the environment. */
export function createLocalClients(options: LocalClientsOptions): LocalClients {
  const { credentials, dynamodbEndpoint, kinesisEndpoint, maxAttempts = ATTEMPTS } = options;
  return {
    dynamodb: createLocalDynamoDb({ endpoint: dynamodbEndpoint, credentials, maxAttempts }),
    dynamodbStreams: createLocalDynamoDbStreams({ endpoint: dynamodbEndpoint, credentials, maxAttempts }),
    kinesis: createLocalKinesis({ endpoint: kinesisEndpoint, credentials, maxAttempts }),
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

/** Makes a DynamoDB Streams client of a local engine. */
export function createLocalDynamoDbStreams(options: LocalClientOptions): DynamoDBStreamsClient {
  return new DynamoDBStreamsClient(clientSettings(options));
}

/**
 * Makes a Kinesis client of a local engine, over HTTP/1.1, because no local engine speaks the SDK's default, HTTP/2.
 */
export function createLocalKinesis(options: LocalClientOptions): KinesisClient {
  return new KinesisClient(clientSettings(options));
}

interface ClientSettings {
  readonly region: string;
  readonly endpoint: string | (() => Promise<ParsedEndpoint>);
  readonly credentials: LocalCredentials;
  readonly maxAttempts: number;
  readonly retryMode: 'standard';
  readonly requestHandler: NodeHttpHandler;
}

/** The SDK takes text at once, but a later answer only in parts. */
interface ParsedEndpoint {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number;
  readonly path: string;
}

function clientSettings(options: LocalClientOptions): ClientSettings {
  const { endpoint } = options;
  return {
    region: LOCAL_REGION,
    endpoint: typeof endpoint === 'string' ? endpoint : async () => parseEndpoint(await endpoint()),
    credentials: options.credentials,
    maxAttempts: options.maxAttempts ?? ATTEMPTS,
    retryMode: 'standard',
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },
    }),
  };
}

function parseEndpoint(text: string): ParsedEndpoint {
  const { protocol, hostname, port, pathname } = new URL(text);
  return { protocol, hostname, port: Number(port), path: pathname };
}
