// Goal: a test of anyone starts a SAM application, waits for its streams, and reads what happened as data.
// Method: the example's application and small ones of this test, on real engines.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DeleteStreamCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type ApplicationOptions,
  type SharedDynamoDb,
  startApplication,
  startDynamoDb,
  type TestApplication,
} from '../../src/testing/index.ts';

const queues = join(import.meta.dirname, '../fixtures/queues/template.yaml');
const orders = join(import.meta.dirname, '../../../../examples/orders/template.yaml');
let shared: SharedDynamoDb;
let folder = '';
let started: TestApplication[] = [];

beforeAll(async () => {
  shared = await startDynamoDb();
  folder = mkdtempSync(join(tmpdir(), 'oncefold-'));
});
afterEach(async () => {
  await Promise.all(started.map((application) => application.stop()));
  started = [];
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await shared.stop();
});

async function start(template: string, options: ApplicationOptions = {}): Promise<TestApplication> {
  const application = await startApplication(template, { dynamodbEndpoint: shared.endpoint, ...options });
  started.push(application);
  return application;
}

/** An application of one function that reads one stream. */
function templateOf(handler: string, event = ''): string {
  const directory = mkdtempSync(join(folder, 'application-'));
  writeFileSync(join(directory, 'index.mjs'), handler);
  const template = join(directory, 'template.yaml');
  writeFileSync(
    template,
    `Transform: AWS::Serverless-2016-10-31
Resources:
  Incoming: { Type: AWS::Kinesis::Stream, Properties: { Name: incoming, ShardCount: 1 } }
  Consumer:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      CodeUri: .
      Events:
        Stream:
          Type: Kinesis
          Properties: { Stream: !GetAtt Incoming.Arn, StartingPosition: TRIM_HORIZON${event} }
`,
  );
  return template;
}

async function put(application: TestApplication, StreamName: string, ...texts: string[]): Promise<void> {
  const Records = texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: 'p' }));
  const client = new KinesisClient(application.clientConfig('kinesis'));
  await client.send(new PutRecordsCommand({ StreamName, Records }));
}

const order = (orderId: string, status = 'paid'): string =>
  JSON.stringify({ orderId, version: 1, status, address: `Street ${orderId}` });

describe('startApplication', () => {
  it('runs what is written through all functions, and shows it as data', async () => {
    const environment = { ...process.env };
    const lines: string[] = [];
    const application = await start(orders, { onLog: ({ line }) => lines.push(line) });
    await put(application, 'OrderEvents', order('1'), order('2', 'placed'), order('3'), 'nonsense');
    await application.waitUntilIdle();

    const client = new DynamoDBClient(application.clientConfig('dynamodb'));
    const { Items: parcels = [] } = await client.send(new ScanCommand({ TableName: 'Parcels' }));
    expect(parcels.map(({ OrderId }) => OrderId?.S).sort()).toEqual(['1', '3']);

    const packed = application.invocations().filter(({ functionId }) => functionId === 'PackParcelsFunction');
    expect(packed.flatMap(({ records }) => records.map(({ dynamodb }) => dynamodb.Keys.OrderId.S))).toEqual(
      expect.arrayContaining(['1', '3']),
    );
    expect(packed[0]).toMatchObject({
      mappingId: 'PackParcelsFunctionPaidOrders',
      attempt: 1,
      outcome: 'succeeded',
      response: { batchItemFailures: [] },
      itemFailures: 0,
      durationMs: expect.any(Number),
    });
    const failed = application.invocations().filter(({ outcome }) => outcome === 'failed');
    expect(failed.length).toBeGreaterThanOrEqual(3);
    expect(failed[0]?.error?.errorType).toBe('SyntaxError');
    expect(application.destinations()).toMatchObject([
      {
        functionId: 'KeepOrdersFunction',
        kind: 'sqs',
        arn: 'arn:aws:sqs:us-east-1:000000000000:UnreadableOrders',
        document: { requestContext: { condition: 'RetryAttemptsExhausted' } },
      },
    ]);
    expect(application.logs().map(({ line }) => line)).toContain('parcel for order 3');
    expect(lines).toContain('parcel for order 3');
    expect(application.notEmulated).toEqual([]);
    expect(application.tables).toEqual(
      expect.arrayContaining([{ logicalId: 'OrdersTable', tableName: 'Orders' }]),
    );
    expect(application.injectedFaults()).toEqual({ faults: [], counts: {} });
    expect(process.env).toEqual(environment);
  });

  it('waits for what is written after it was idle', async () => {
    const application = await start(orders);
    await application.waitUntilIdle();
    await put(application, 'OrderEvents', order('1'));
    await application.waitUntilIdle();
    await put(application, 'OrderEvents', order('2'));
    await application.waitUntilIdle();
    const client = new DynamoDBClient(application.clientConfig('dynamodb'));
    const { Count } = await client.send(new ScanCommand({ TableName: 'Parcels' }));
    expect(Count).toBe(2);
  });

  it('keeps several applications of one template apart, on one DynamoDB', async () => {
    const [one, two] = await Promise.all([start(orders), start(orders)]);
    await put(one, 'OrderEvents', order('1'));
    await Promise.all([one.waitUntilIdle(), two.waitUntilIdle()]);
    const has = async (application: TestApplication): Promise<boolean> => {
      const client = new DynamoDBClient(application.clientConfig('dynamodb'));
      const Key = { OrderId: { S: '1' } };
      return (await client.send(new GetItemCommand({ TableName: 'Parcels', Key }))).Item !== undefined;
    };
    expect([await has(one), await has(two)]).toEqual([true, false]);
    expect(two.invocations()).toEqual([]);
  });

  it('injects the faults that are asked for, and lists them', async () => {
    const application = await start(orders, {
      parameters: { BatchSize: '2' },
      faults: { seed: 7, redeliver: 0.5, 'kill-after-commit': 0.2 },
    });
    await put(application, 'OrderEvents', ...Array.from({ length: 12 }, (_, index) => order(String(index))));
    await application.waitUntilIdle({ timeoutMs: 120_000 });
    const { seed, faults, counts } = application.injectedFaults();
    expect(seed).toBe(7);
    expect(counts.redeliver).toBeGreaterThan(0);
    expect(counts['kill-after-commit']).toBeGreaterThan(0);
    expect(faults[0]).toMatchObject({
      functionId: expect.any(String),
      batch: { records: expect.any(Number) },
    });
    const client = new DynamoDBClient(application.clientConfig('dynamodb'));
    expect((await client.send(new ScanCommand({ TableName: 'Parcels' }))).Count).toBe(12);
  });

  it('says which function blocks a shard, and with what', async () => {
    const application = await start(
      templateOf("export const handler = async () => { throw new RangeError('no such shelf'); };"),
    );
    await put(application, 'incoming', 'one');
    await expect(application.waitUntilIdle()).rejects.toMatchObject({
      code: 'shard-blocked',
      functionId: 'Consumer',
      shardId: 'shardId-000000000000',
      attempts: 5,
      lastError: { errorType: 'RangeError', errorMessage: 'no such shelf' },
      message: expect.stringContaining(
        'Consumer blocks shardId-000000000000: 5 attempts at one batch failed',
      ),
    });
  });

  it('says the same of a function that reports the same record again and again', async () => {
    const application = await start(
      templateOf(
        `export const handler = async ({ Records: [first] }) =>
           ({ batchItemFailures: [{ itemIdentifier: first.kinesis.sequenceNumber }] });`,
        ', FunctionResponseTypes: [ReportBatchItemFailures]',
      ),
    );
    await put(application, 'incoming', 'one', 'two');
    await expect(application.waitUntilIdle({ attemptsMax: 3 })).rejects.toMatchObject({
      code: 'shard-blocked',
      attempts: 3,
      lastError: { errorType: 'ReportBatchItemFailures' },
    });
  });

  it.each([
    ['has no state', '{}', ', TumblingWindowInSeconds: 1', /^the answer has no state/],
    [
      'reports what is not in the batch',
      "{ batchItemFailures: [{ itemIdentifier: 'nonsense' }] }",
      ', FunctionResponseTypes: [ReportBatchItemFailures]',
      /^the answer reports an itemIdentifier that is no sequence number of the batch/,
    ],
  ])('says the same of a function whose answer %s', async (_, answer, event, errorMessage) => {
    const application = await start(templateOf(`export const handler = async () => (${answer});`, event));
    await put(application, 'incoming', 'one', 'two');
    await expect(application.waitUntilIdle({ attemptsMax: 3 })).rejects.toMatchObject({
      code: 'shard-blocked',
      lastError: { errorType: 'InvalidAnswer', errorMessage: expect.stringMatching(errorMessage) },
    });
    expect(application.invocations()[0]).toMatchObject({
      outcome: 'failed',
      error: { errorType: 'InvalidAnswer' },
    });
  });

  it('takes no report for a failure that the mapping does not ask for', async () => {
    const application = await start(
      templateOf(
        `export const handler = async ({ Records: [first] }) =>
           ({ batchItemFailures: [{ itemIdentifier: first.kinesis.sequenceNumber }] });`,
      ),
    );
    await put(application, 'incoming', 'one', 'two');
    await application.waitUntilIdle({ attemptsMax: 1 });
    expect(application.invocations().map(({ itemFailures }) => itemFailures)).not.toContain(1);
  });

  it('waits for a batch that will be given up', async () => {
    const application = await start(
      templateOf(
        "export const handler = () => Promise.reject(new Error('never'));",
        ', MaximumRetryAttempts: 6',
      ),
    );
    await put(application, 'incoming', 'one');
    await application.waitUntilIdle();
    expect(application.invocations().map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('waits until queues that feed functions are empty, whatever dead-letter queues hold', async () => {
    const application = await start(queues);
    expect(application.queues.map(({ queueName }) => queueName)).toEqual(['Refused', 'Unsolved', 'Reports']);
    const sqs = new SQSClient(application.clientConfig('sqs'));
    const urlOf = async (QueueName: string): Promise<string | undefined> =>
      (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
    const MessageBody = '{"unknown":true}';
    await sqs.send(new SendMessageCommand({ QueueUrl: await urlOf('Refused'), MessageBody }));
    await application.waitUntilIdle();
    expect(application.invocations()).toMatchObject([
      { functionId: 'ReviewFunction', attempt: 1, itemFailures: 1, records: [{ body: MessageBody }] },
      { functionId: 'ReviewFunction', attempt: 2, itemFailures: 1 },
    ]);
    const dead = await sqs.send(new ReceiveMessageCommand({ QueueUrl: await urlOf('Unsolved') }));
    expect(dead.Messages).toMatchObject([{ Body: MessageBody }]);
    sqs.destroy();
  });

  it('has no settings for SQS where there is no queue', async () => {
    const application = await start(templateOf('export const handler = async () => {};'));
    expect(application.endpoints).not.toHaveProperty('sqs');
    expect(() => application.clientConfig('sqs')).toThrow('there is no sqs here: the template has no queue');
  });

  it('says what is not idle at the time limit', async () => {
    const application = await start(
      templateOf('export const handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));'),
    );
    await put(application, 'incoming', 'one', 'two');
    await expect(application.waitUntilIdle({ timeoutMs: 1_500 })).rejects.toMatchObject({
      code: 'not-idle',
      open: ['Consumer: 2 records read and not done with'],
    });
  });

  it('does not wait for an application that has failed', async () => {
    const application = await start(templateOf('export const handler = async () => {};'));
    const client = new KinesisClient(application.clientConfig('kinesis'));
    await client.send(new DeleteStreamCommand({ StreamName: 'incoming' }));
    await expect(application.waitUntilIdle({ timeoutMs: 120_000 })).rejects.toMatchObject({
      code: 'application-failed',
      message: expect.stringContaining('ResourceNotFoundException'),
    });
  });

  it('does not wait for an application that is stopped', async () => {
    const application = await start(orders);
    const waiting = expect(application.waitUntilIdle()).rejects.toMatchObject({ code: 'stopped' });
    await application.stop();
    await waiting;
    await expect(application.waitUntilIdle()).rejects.toMatchObject({ code: 'stopped' });
  });

  it('invokes a function by its name, in the process and over Lambda’s API', async () => {
    const application = await start(
      templateOf(`export const handler = async (event) => {
        if (event.fail) { throw new TypeError('asked for'); }
        return { got: event };
      };`),
    );
    expect(await application.invoke('Consumer', { a: 1 })).toEqual({ got: { a: 1 } });
    await expect(application.invoke('Consumer', { fail: true })).rejects.toMatchObject({
      code: 'function-failed',
      errorType: 'TypeError',
      errorMessage: 'asked for',
    });
    await expect(application.invoke('Other', {})).rejects.toThrow(
      'no function Other runs here; there are Consumer',
    );
    const client = new LambdaClient(application.clientConfig('lambda'));
    const [{ functionName = '' } = {}] = application.functions;
    const { Payload } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: '{"b":2}' }),
    );
    expect(JSON.parse(Payload?.transformToString() ?? '')).toEqual({ got: { b: 2 } });
  });

  it('says with a code why an application cannot be started, and leaves nothing behind', async () => {
    await expect(start(join(folder, 'none.yaml'))).rejects.toMatchObject({ code: 'template-refused' });
    const broken = templateOf("throw new Error('no such setting');");
    await expect(start(broken)).rejects.toMatchObject({
      code: 'functions-not-started',
      message: expect.stringContaining('no such setting'),
    });
    const unbuilt = templateOf('');
    rmSync(join(unbuilt, '../index.mjs'));
    await expect(start(unbuilt)).rejects.toMatchObject({ code: 'function-not-built' });
    await expect(start(orders, { faults: { redeliver: 2 } })).rejects.toMatchObject({
      code: 'fault-settings',
    });
    await expect(start(orders, { dynamodbEndpoint: 'nonsense' })).rejects.toMatchObject({
      code: 'engine-not-started',
      message: "the address of DynamoDB is no URL: 'nonsense'",
    });
    await expect(start(orders, { signal: AbortSignal.abort(new Error('not wanted')) })).rejects.toThrow(
      'not wanted',
    );
  });

  it('ends with the block that declares it', async () => {
    let stopped: TestApplication;
    {
      await using application = await startApplication(orders, { dynamodbEndpoint: shared.endpoint });
      stopped = application;
    }
    await expect(stopped.waitUntilIdle()).rejects.toMatchObject({ code: 'stopped' });
    await expect(fetch(stopped.endpoints.lambda)).rejects.toThrow();
  });
});
