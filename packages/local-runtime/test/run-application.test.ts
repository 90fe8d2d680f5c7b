// Goal: functions get what their streams hold as Lambda would hand it to them, whatever the functions do.
// Method: real engines, real function processes; each handler writes down what it saw.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteStreamCommand } from '@aws-sdk/client-kinesis';
import { useDynamoDb, useKinesis } from '@oncefold/engines/vitest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RuntimeEvent } from '../src/application/runtime-event.ts';
import { runTestApplication, type TestApplication } from './run-test-application.ts';
import { isRunning } from './support/descendants.ts';

const dynamodb = useDynamoDb();
const kinesis = useKinesis();
let directory = '';
let started: TestApplication[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oncefold-'));
});
afterEach(async () => {
  await Promise.all(started.map(({ running }) => running.stop()));
  started = [];
  await rm(directory, { recursive: true });
});

type Options = Omit<Parameters<typeof runTestApplication>[0], 'endpoints'>;

async function run(options: Options): Promise<TestApplication> {
  const application = await runTestApplication({
    endpoints: { dynamodb: dynamodb.endpoint, kinesis: kinesis.endpoint },
    variables: { ATTEMPTS_FILE: join(directory, 'attempts') },
    ...options,
  });
  started.push(application);
  return application;
}

interface Seen {
  readonly texts: string[];
  readonly attempt: number;
}

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name} ${index}`);
}

function countInvocations({ events }: TestApplication): {
  successes: number;
  failures: number;
  records: number;
} {
  const succeeded = events.filter((event) => event.type === 'invocation-succeeded');
  const failed = events.filter((event) => event.type === 'invocation-failed');
  const records = [...succeeded, ...failed].reduce((sum, event) => sum + event.records, 0);
  return { successes: succeeded.length, failures: failed.length, records };
}

describe('runApplication', () => {
  it('hands every record of a stream over once and in order', async () => {
    const application = await run({ handler: 'streams.collect' });
    const all = numbered('record', 1_000);
    for (let from = 0; from < all.length; from += 250) {
      await application.put(all.slice(from, from + 250));
    }
    await application.running.whenIdle();
    expect(application.logged<Seen>().flatMap(({ texts }) => texts)).toEqual(all);
    expect(application.running.isIdle()).toBe(true);
    expect(countInvocations(application)).toMatchObject({ records: 1_000, failures: 0 });
    expect(await application.running.functions.get('Function')?.cpuSeconds()).toBeGreaterThan(0);
    for (const { texts } of application.logged<Seen>()) {
      expect(texts.length).toBeLessThanOrEqual(100);
    }
    expect(application.events.filter(({ type }) => type === 'function-started')).toHaveLength(1);
  });

  it('shows a Kinesis record as Lambda does', async () => {
    const application = await run({ handler: 'streams.describeEvent' });
    await application.put(['some text']);
    await application.running.whenIdle();
    const [line] = application.logged<{ event: { Records: Record<string, unknown>[] } }>();
    expect(line?.event.Records).toEqual([
      {
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey: 'p',
          sequenceNumber: expect.stringMatching(/^\d{56}$/),
          data: Buffer.from('some text').toString('base64'),
          approximateArrivalTimestamp: expect.any(Number),
        },
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: expect.stringMatching(/^shardId-000000000000:\d{56}$/),
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: 'arn:aws:iam::123456789012:role/local',
        awsRegion: 'us-east-1',
        eventSourceARN: `arn:aws:kinesis:us-east-1:123456789012:stream/${application.sourceName}`,
      },
    ]);
  });

  it('names the alias and the consumer of the mapping to the function', async () => {
    const consumerArn = 'arn:aws:kinesis:us-east-1:123456789012:stream/Source/consumer/Reader:1763884800';
    const application = await run({
      handler: 'streams.describeSource',
      functionQualifier: 'live',
      consumerArn,
      settings: { maximumRetryAttempts: 0 },
    });
    await application.put(['some text']);
    await application.running.whenIdle();
    expect(application.logged()).toEqual([
      {
        invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:function:live',
        eventSourceARN: consumerArn,
      },
    ]);
  });

  it('gives up a batch in the name of the alias that was invoked', async () => {
    const application = await run({
      handler: 'streams.alwaysFail',
      functionQualifier: 'live',
      settings: {
        maximumRetryAttempts: 0,
        destinationConfig: { onFailure: { destination: 'arn:aws:sqs:us-east-1:123456789012:Failed' } },
      },
    });
    await application.put(['some text']);
    await application.running.whenIdle();
    const documents = application.events.filter((event) => event.type === 'destination-document');
    expect(documents.map(({ document }) => JSON.parse(document).requestContext.functionArn)).toEqual([
      'arn:aws:lambda:us-east-1:123456789012:function:function:live',
    ]);
  });

  it('feeds a function from the stream of a table', async () => {
    const application = await run({ kind: 'dynamodb', handler: 'streams.describeEvent' });
    const { clients, sourceName: TableName } = application;
    const item = (value: string) => ({ id: { S: 'a' }, value: { N: value }, bytes: { B: Buffer.from('x') } });
    await clients.dynamodb.send(new PutItemCommand({ TableName, Item: item('1') }));
    await clients.dynamodb.send(new PutItemCommand({ TableName, Item: item('2') }));
    await clients.dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: { S: 'a' } } }));
    await application.running.whenIdle();
    const records = application
      .logged<{ event: { Records: Record<string, unknown>[] } }>()
      .flatMap(({ event }) => event.Records);
    const image = (value: string) => ({ ...item(value), bytes: { B: Buffer.from('x').toString('base64') } });
    const common = {
      eventID: expect.any(String),
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      eventSourceARN: expect.stringMatching(
        new RegExp(`^arn:aws:dynamodb:us-east-1:123456789012:table/${TableName}/stream/.`),
      ),
    };
    const change = {
      Keys: { id: { S: 'a' } },
      SequenceNumber: expect.any(String),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      ApproximateCreationDateTime: expect.any(Number),
    };
    expect(records).toMatchObject([
      { ...common, eventName: 'INSERT', dynamodb: { ...change, NewImage: image('1') } },
      { ...common, eventName: 'MODIFY', dynamodb: { ...change, OldImage: image('1'), NewImage: image('2') } },
      { ...common, eventName: 'REMOVE', dynamodb: { ...change, OldImage: image('2') } },
    ]);
  });

  it.each([
    ['throws', 'streams.failTwice', 3, 'Error', 30],
    ['runs into its timeout', 'streams.blockOnce', 2, 'Sandbox.Timedout', 2],
    ['ends its process', 'streams.exitOnce', 2, 'Runtime.ExitError', 30],
  ])(
    'sends the same batch again to a function that %s',
    async (_, handler, attempts, errorType, timeoutSeconds) => {
      const application = await run({ handler, timeoutSeconds });
      await application.put(['one', 'two', 'three']);
      await application.running.whenIdle();
      const seen = application.logged<Seen>();
      expect(seen).toEqual(
        Array.from({ length: attempts }, (_, index) => ({
          texts: ['one', 'two', 'three'],
          attempt: index + 1,
        })),
      );
      const failures = application.events.filter((event) => event.type === 'invocation-failed');
      expect(failures.map((event) => [event.errorType, event.attempt])).toEqual(
        Array.from({ length: attempts - 1 }, (_, index) => [errorType, index + 1]),
      );
    },
  );

  it('goes on from the lowest record that a partial response reports', async () => {
    const application = await run({
      handler: 'streams.reportFirstBad',
      settings: { functionResponseTypes: ['ReportBatchItemFailures'] },
    });
    await application.put(['good 1', 'good 2', 'bad 3', 'good 4', 'bad 5', 'good 6']);
    await application.running.whenIdle();
    expect(application.logged<Seen>().map(({ texts }) => texts)).toEqual([
      ['good 1', 'good 2', 'bad 3', 'good 4', 'bad 5', 'good 6'],
      ['bad 3', 'good 4', 'bad 5', 'good 6'],
      ['bad 5', 'good 6'],
    ]);
  });

  it('names the shard to a function with a tumbling window', async () => {
    const application = await run({
      kind: 'dynamodb',
      handler: 'streams.countInWindow',
      settings: { tumblingWindowInSeconds: 1 },
    });
    const { clients, sourceName: TableName } = application;
    for (const id of ['a', 'b', 'c']) {
      await clients.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));
    }
    interface Window {
      readonly shardId: string;
      readonly isFinal: boolean;
      readonly count: number;
    }
    const finals = () => application.logged<Window>().filter(({ isFinal }) => isFinal);
    // DynamoDB Local cuts the time of a record to the minute, so that the three may stand in windows of two minutes.
    await expect.poll(() => finals().reduce((sum, { count }) => sum + count, 0)).toBe(3);
    for (const { shardId } of application.logged<Window>()) {
      expect(shardId).toMatch(/^shardId-/);
    }
  });

  it('gives a batch up after the retries that the mapping allows, and says so', async () => {
    const application = await run({ handler: 'streams.alwaysFail', settings: { maximumRetryAttempts: 1 } });
    await application.put(['one', 'two']);
    await application.running.whenIdle();
    expect(application.events.filter((event) => event.type === 'records-discarded')).toMatchObject([
      {
        mappingId: 'Mapping',
        shardId: 'shardId-000000000000',
        records: 2,
        condition: 'RetryAttemptsExhausted',
      },
    ]);
    expect(countInvocations(application)).toMatchObject({ successes: 0, failures: 2 });
  });

  it('says what a function has not done, and since when', async () => {
    const { put, events, running } = await run({ handler: 'streams.alwaysFail' });
    expect(running.backlog('Function')).toMatchObject({ records: 0, oldestReadAt: undefined });
    const before = Date.now();
    await put(['one']);
    await expect.poll(() => events.some(({ type }) => type === 'invocation-failed')).toBe(true);
    await expect.poll(() => running.backlog('Function').isReadToEnd).toBe(true);
    expect(running.isAtRest()).toBe(false);
    const { records, oldestReadAt } = running.backlog('Function');
    expect(records).toBe(1);
    expect(oldestReadAt).toBeGreaterThanOrEqual(before);
    expect(oldestReadAt).toBeLessThanOrEqual(Date.now());
  });

  it('does not start when a function cannot be initialized', async () => {
    await expect(run({ handler: 'broken.handler' })).rejects.toThrow(
      'Function cannot be initialized: Error: no such setting',
    );
  });

  it('stops with a clear error when its stream goes away', async () => {
    const application = await run({ handler: 'streams.collect' });
    const { clients, running, sourceName: StreamName } = application;
    await clients.kinesis.send(new DeleteStreamCommand({ StreamName }));
    const error = await running.failed;
    expect(error).toMatchObject({
      code: 'stream-failed',
      message: expect.stringMatching(/^Mapping cannot .*: ResourceNotFoundException: /),
    });
    await expect(running.whenIdle()).rejects.toThrow(error.message);
    const types = application.events.map(({ type }) => type);
    expect(types.filter((type) => type === 'application-failed')).toHaveLength(1);
    expect(types.at(-1)).toBe('function-exited');
  });

  it('lets an invocation in flight end when it is stopped, and leaves no process', async () => {
    const application = await run({ handler: 'streams.collect' });
    await application.put(numbered('record', 400));
    await expect.poll(() => application.logged().length).toBeGreaterThan(0);
    await application.running.stop();
    const types = application.events.map(({ type }) => type);
    expect(types.filter((type) => type === 'invocation-started').length).toBe(
      types.filter((type) => type === 'invocation-succeeded').length,
    );
    for (const event of application.events) {
      if (event.type === 'function-started') {
        expect(isRunning(event.pid)).toBe(false);
      }
    }
    const before = application.events.length;
    await application.put(['later']);
    expect(application.events.length).toBe(before);
  });

  it('does not start when its signal is aborted on the way', async () => {
    const controller = new AbortController();
    const events: RuntimeEvent[] = [];
    const more = {
      signal: controller.signal,
      onEvent(event: RuntimeEvent) {
        events.push(event);
        if (event.type === 'function-started') {
          controller.abort(new Error('not wanted any more'));
        }
      },
    };
    await expect(run({ handler: 'streams.collect', more })).rejects.toThrow('not wanted any more');
    expect(events.map(({ type }) => type)).toEqual(['function-started', 'function-exited']);
  });

  it('is stopped by its signal', async () => {
    const controller = new AbortController();
    const application = await run({ handler: 'streams.collect', more: { signal: controller.signal } });
    controller.abort();
    await application.running.stop();
    expect(application.events.map(({ type }) => type)).toContain('function-exited');
    await expect(application.running.whenIdle()).rejects.toThrow('stopped');
  });
});
