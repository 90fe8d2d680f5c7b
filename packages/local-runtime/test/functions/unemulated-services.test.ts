// Goal: an SDK that asks for a service that is not there gets one clear error, at once, in the service's own form.
// Method: the real server; real SDK clients of each wire format that the repository has, and requests as SDKs of other languages send.
import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type RefusedCall,
  startUnemulatedServices,
  type UnemulatedServices,
} from '../../src/functions/unemulated-services/unemulated-services.ts';

let services: UnemulatedServices;
const calls: RefusedCall[] = [];

beforeAll(async () => {
  services = await startUnemulatedServices((call) => calls.push(call));
});
afterAll(() => services.close());

const settings = () => ({
  endpoint: services.endpoint('Nested/KeepOrders'),
  region: 'eu-west-1',
  credentials: { accessKeyId: 'ANY', secretAccessKey: 'any' },
});

/** Sends with the SDK's own retries, and says how often it was sent. */
async function send(
  work: () => Promise<unknown>,
): Promise<{ error: unknown; calls: readonly RefusedCall[] }> {
  const before = calls.length;
  const error = await work().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, calls: calls.slice(before) };
}

describe('startUnemulatedServices', () => {
  it.each([
    [
      's3',
      'PUT /photos/2026/one.jpg',
      'AWS_ENDPOINT_URL_S3',
      () =>
        new S3Client(settings()).send(
          new PutObjectCommand({ Bucket: 'photos', Key: '2026/one.jpg', Body: 'x'.repeat(200_000) }),
        ),
    ],
    [
      'lambda',
      'POST /2015-03-31/functions/other/invocations',
      'AWS_ENDPOINT_URL_LAMBDA',
      () => new LambdaClient(settings()).send(new InvokeCommand({ FunctionName: 'other' })),
    ],
    [
      'cloudformation',
      'ListStacks',
      'AWS_ENDPOINT_URL_CLOUDFORMATION',
      () => new CloudFormationClient(settings()).send(new ListStacksCommand({})),
    ],
    [
      'dynamodb',
      'DescribeTable',
      'AWS_ENDPOINT_URL_DYNAMODB',
      () => new DynamoDBClient(settings()).send(new DescribeTableCommand({ TableName: 'Orders' })),
    ],
    [
      // Its client speaks HTTP/2.
      'kinesis',
      'ListStreams',
      'AWS_ENDPOINT_URL_KINESIS',
      () => new KinesisClient(settings()).send(new ListStreamsCommand({})),
    ],
  ])('refuses %s by name, once', async (service, operation, variable, work) => {
    const sent = await send(work);
    expect(sent.calls).toEqual([{ functionId: 'Nested/KeepOrders', service, operation, variable }]);
    expect(sent.error).toMatchObject({
      name: 'ServiceNotEmulatedException',
      message: `${service} is not emulated by Oncefold: set ${variable} (--env-vars) to point it elsewhere`,
      $metadata: { httpStatusCode: 400, attempts: 1 },
    });
  });

  it('answers a request that takes no body', async () => {
    const { error, calls: refused } = await send(() =>
      new S3Client(settings()).send(new HeadObjectCommand({ Bucket: 'photos', Key: 'one.jpg' })),
    );
    expect(error).toMatchObject({ $metadata: { httpStatusCode: 400, attempts: 1 } });
    expect(refused).toMatchObject([{ operation: 'HEAD /photos/one.jpg' }]);
  });

  it.each([
    // An SDK that does not say its service, and CBOR.
    [
      'monitoring',
      { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
      '/service/GraniteServiceVersion20100801/operation/PutMetricData',
      { service: 'cloudwatch', operation: 'PutMetricData', variable: 'AWS_ENDPOINT_URL_CLOUDWATCH' },
    ],
    [
      'secretsmanager',
      { 'x-amz-target': 'secretsmanager.GetSecretValue', 'content-type': 'application/x-amz-json-1.1' },
      '/',
      {
        service: 'secrets_manager',
        operation: 'GetSecretValue',
        variable: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
      },
    ],
    ['execute-api', {}, '/connections/1', { service: 'apigatewaymanagementapi' }],
    ['email', {}, '/v2/email/outbound-emails', { service: 'sesv2', variable: 'AWS_ENDPOINT_URL_SESV2' }],
    [undefined, {}, '/path', { service: 'an unknown service', variable: 'AWS_ENDPOINT_URL' }],
  ])('knows %s by its signature', async (name, headers, path, expected) => {
    const authorization = `AWS4-HMAC-SHA256 Credential=ANY/20261126/eu-west-1/${name}/aws4_request, SignedHeaders=host, Signature=0`;
    const { calls: refused } = await send(async () => {
      const answer = await fetch(`${services.endpoint('Any')}${path}`, {
        method: 'POST',
        headers: { ...headers, ...(name !== undefined && { authorization }) },
        body: 'x',
      });
      const body = Buffer.from(await answer.arrayBuffer()).toString('latin1');
      expect(body).toContain('is not emulated by Oncefold');
      expect(answer.status).toBe(400);
    });
    expect(refused).toMatchObject([{ functionId: 'Any', ...expected }]);
  });
});
