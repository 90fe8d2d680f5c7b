import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';

/** Where the tables are, and who asks. */
export interface ConnectionOptions {
  readonly dynamodbEndpoint?: string;
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
}

/**
 * Connects to the tables of a pipeline, on AWS or on a local engine.
 *
 * @param attemptsMax - how often the client sends one request; 1 where it is decided elsewhere what to do after a lost answer
 */
export function createTableClient(options: ConnectionOptions, attemptsMax: number): DynamoDBClient {
  const credentials = credentialsOf(options);
  const region = options.region ?? defaultRegion(options);
  return new DynamoDBClient({
    ...(options.dynamodbEndpoint !== undefined && { endpoint: options.dynamodbEndpoint }),
    ...(region !== undefined && { region }),
    ...(credentials !== undefined && { credentials }),
    maxAttempts: attemptsMax,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      requestTimeout: 30_000,
      throwOnRequestTimeout: true,
    }),
  });
}

/** The credentials that were typed; nothing where the usual variables and profiles have them. */
export function credentialsOf({
  accessKeyId,
  secretAccessKey,
}: ConnectionOptions): { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined {
  if (accessKeyId === undefined && secretAccessKey === undefined) {
    return undefined;
  }
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new CouldNotRunError('--access-key-id and --secret-access-key belong together; one is missing');
  }
  return { accessKeyId, secretAccessKey };
}

/** A local engine takes any region, so nobody should have to name one; AWS must be asked in the right one. */
export function defaultRegion(options: ConnectionOptions): string | undefined {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  return AWS_REGION || AWS_DEFAULT_REGION || (endpointOf(options) === undefined ? undefined : 'us-east-1');
}

/** Whether an address is on this machine. */
export function isLoopback(endpoint: string | undefined): boolean {
  const host = endpoint === undefined ? '' : new URL(endpoint).hostname;
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}

/** The address that is asked; nothing for AWS itself. */
export function endpointOf(options: ConnectionOptions): string | undefined {
  const { AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL } = process.env;
  return options.dynamodbEndpoint ?? (AWS_ENDPOINT_URL_DYNAMODB || AWS_ENDPOINT_URL || undefined);
}
