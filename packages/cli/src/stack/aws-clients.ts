import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type ConnectionOptions, credentialsOf, defaultRegion } from '../tables/connection.ts';

/** Clients for AWS, or for what the usual variables name instead. */
export interface AwsClients {
  readonly cloudFormation: CloudFormationClient;
  readonly dynamodb: DynamoDBClient;
  readonly kinesis: KinesisClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  destroy(): void;
}

const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Longest invocation of a function. */
const INVOCATION_TIMEOUT_MS = 905_000;
const ATTEMPTS_MAX = 5;

/**
 * Makes the clients. Region, credentials and endpoints are those that were typed, or else are read as every AWS tool reads them
 * (`AWS_ENDPOINT_URL_<SERVICE>` among them).
 *
 * Every request that is made with them may be made twice, so the SDK may send it again.
 */
export function createAwsClients(options: ConnectionOptions): AwsClients {
  const region = options.region ?? defaultRegion(options);
  const credentials = credentialsOf(options);
  const common = {
    ...(region !== undefined && { region }),
    ...(credentials !== undefined && { credentials }),
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    }),
  };
  const clients = {
    cloudFormation: new CloudFormationClient(common),
    dynamodb: new DynamoDBClient({
      ...common,
      ...(options.dynamodbEndpoint !== undefined && { endpoint: options.dynamodbEndpoint }),
    }),
    kinesis: new KinesisClient(common),
    lambda: new LambdaClient({
      ...common,
      requestHandler: new NodeHttpHandler({
        connectionTimeout: CONNECTION_TIMEOUT_MS,
        requestTimeout: INVOCATION_TIMEOUT_MS,
        throwOnRequestTimeout: true,
      }),
    }),
    // No emulator has a host name for each bucket.
    s3: new S3Client({ ...common, forcePathStyle: endpointOf('S3') !== undefined }),
  };
  return {
    ...clients,
    destroy() {
      for (const client of Object.values(clients)) {
        client.destroy();
      }
    },
  };
}

/** The endpoint that the environment names for a service; nothing for AWS. */
export function endpointOf(
  service: 'CLOUDFORMATION' | 'DYNAMODB' | 'KINESIS' | 'LAMBDA' | 'S3',
): string | undefined {
  return process.env[`AWS_ENDPOINT_URL_${service}`] || process.env['AWS_ENDPOINT_URL'] || undefined;
}
