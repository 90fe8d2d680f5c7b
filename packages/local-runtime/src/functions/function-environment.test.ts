import type { FunctionResource } from '@oncefold/sam-template';
import { describe, expect, it } from 'vitest';
import { createFunctionEnvironment } from './function-environment.ts';

function environmentOf(
  declared: Readonly<Record<string, string>>,
  overrides: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const resource: FunctionResource = {
    logicalId: 'KeepOrders',
    functionName: 'keep-orders',
    handler: 'index.handler',
    codeUri: 'src',
    layers: [],
    runtime: 'nodejs24.x',
    timeoutSeconds: 3,
    memorySize: 128,
    environment: declared,
  };
  return createFunctionEnvironment({
    resource,
    access: {
      dynamodb: 'http://127.0.0.1:1',
      dynamodbStreams: 'http://127.0.0.1:5',
      kinesis: 'http://127.0.0.1:2',
      region: 'eu-west-1',
      accountId: '000000000000',
      credentials: { accessKeyId: 'KEY', secretAccessKey: 'secret' },
    },
    taskRoot: '/var/task',
    handler: 'index.handler',
    overrides,
    defaultEndpoint: 'http://127.0.0.1:3/KeepOrders',
  });
}

describe('createFunctionEnvironment', () => {
  it('sends what has no endpoint of its own to the default one, unless the template or an override says otherwise', () => {
    expect(environmentOf({})).toMatchObject({
      AWS_ENDPOINT_URL: 'http://127.0.0.1:3/KeepOrders',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_DYNAMODB_STREAMS: 'http://127.0.0.1:5',
      AWS_ENDPOINT_URL_KINESIS: 'http://127.0.0.1:2',
      AWS_REGION: 'eu-west-1',
    });
    const elsewhere = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4' };
    expect(environmentOf(elsewhere)).toMatchObject(elsewhere);
    expect(environmentOf({}, elsewhere)).toMatchObject(elsewhere);
  });

  it('keeps a proxy away from this machine where a function has one, and says nothing of proxies otherwise', () => {
    const list = 'example.com,127.0.0.1,localhost';
    expect(environmentOf({ https_proxy: 'http://127.0.0.1:1', NO_PROXY: 'example.com' })).toMatchObject({
      NO_PROXY: list,
      no_proxy: list,
    });
    expect(environmentOf({})).not.toHaveProperty('NO_PROXY');
  });
});
