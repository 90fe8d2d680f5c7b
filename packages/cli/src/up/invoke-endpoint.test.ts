import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInvokeEndpoint } from './invoke-endpoint.ts';

type Served = Awaited<ReturnType<typeof startInvokeEndpoint>>;
type Invokable = Parameters<Served['serve']>[0];

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:the-';

const functions = {
  Echo: async ({ payload }: { payload: string }) => ({ code: 'succeeded', payload, durationMs: 1 }),
  Named: async ({ invokedFunctionArn }: { invokedFunctionArn: string }) => ({
    code: 'succeeded',
    payload: JSON.stringify(invokedFunctionArn),
    durationMs: 1,
  }),
  Failing: async () => ({
    code: 'failed',
    cause: 'handler',
    errorType: 'GuardLostError',
    errorMessage: 'too old',
    stackTrace: [],
    durationMs: 1,
  }),
};

describe('startInvokeEndpoint', () => {
  let served: Served;
  let client: LambdaClient;
  beforeAll(async () => {
    const entries = Object.entries(functions).map(
      ([id, invoke]) => [id, { invoke, arn: `${ARN}${id}` }] as const,
    );
    served = await startInvokeEndpoint();
    served.serve({
      application: {
        functions: Object.keys(functions).map((id) => ({ logicalId: id, functionName: `the-${id}` })),
      },
      running: { functions: new Map(entries) },
    } as unknown as Invokable);
    client = new LambdaClient({
      endpoint: served.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    });
  });
  afterAll(async () => {
    client.destroy();
    await served.close();
  });

  it.each([
    'the-Echo',
    'the-Echo:live',
    'arn:aws:lambda:us-east-1:000000000000:function:the-Echo',
    'arn:aws:lambda:us-east-1:000000000000:function:the-Echo:live',
  ])('runs the function %s for the SDK', async (FunctionName) => {
    const answer = await client.send(new InvokeCommand({ FunctionName, Payload: '{"a":"ü"}' }));
    expect(Buffer.from(answer.Payload ?? []).toString()).toBe('{"a":"ü"}');
    expect(answer.FunctionError).toBeUndefined();
  });

  it.each([
    [{ FunctionName: 'the-Named' }, ''],
    [{ FunctionName: 'the-Named:live' }, ':live'],
    [{ FunctionName: 'the-Named', Qualifier: '7' }, ':7'],
    [{ FunctionName: `${ARN}Named:live` }, ':live'],
  ])('passes the version or alias of %j on', async (input, qualifier) => {
    const answer = await client.send(new InvokeCommand(input));
    expect(Buffer.from(answer.Payload ?? []).toString()).toBe(`"${ARN}Named${qualifier}"`);
  });

  it('asks callers to retry until it has functions to serve', async () => {
    const early = await startInvokeEndpoint();
    const answer = await fetch(`${early.endpoint}/2015-03-31/functions/the-Echo/invocations`, {
      method: 'POST',
    });
    expect([answer.status, answer.headers.get('x-amzn-ErrorType')]).toEqual([
      429,
      'TooManyRequestsException',
    ]);
    await early.close();
  });

  it('says what a function failed with, as Lambda does', async () => {
    const answer = await client.send(new InvokeCommand({ FunctionName: 'the-Failing', Payload: '{}' }));
    expect(answer.FunctionError).toBe('Unhandled');
    expect(JSON.parse(Buffer.from(answer.Payload ?? []).toString())).toMatchObject({
      errorType: 'GuardLostError',
      errorMessage: 'too old',
    });
  });

  it('refuses what it does not serve', async () => {
    await expect(client.send(new InvokeCommand({ FunctionName: 'other' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(
      client.send(new InvokeCommand({ FunctionName: 'the-Echo', InvocationType: 'Event' })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    await expect(
      client.send(new InvokeCommand({ FunctionName: 'the-Echo', Payload: '{"a":' })),
    ).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
    await expect(
      client.send(
        new InvokeCommand({ FunctionName: 'the-Echo', Payload: Buffer.alloc(6 * 1024 * 1024 + 1, 32) }),
      ),
    ).rejects.toMatchObject({ name: 'RequestTooLargeException' });
  });
});
