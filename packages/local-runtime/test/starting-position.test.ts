// Goal: an application that has started misses nothing that is written from then on, and delivers nothing earlier under LATEST.
// Method: real engines and writes in the very next step; a gate in front of an engine holds back the answer with which
// a position is fixed.
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteStreamCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { type Engine, type LocalClients, startDynamoDb } from '@oncefold/engines';
import { useDynamoDb, useKinesis } from '@oncefold/engines/vitest';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runTestApplication, type TestApplication } from './run-test-application.ts';

const dynamodb = useDynamoDb();
const kinesis = useKinesis();
const cleanUps: (() => unknown)[] = [];
const LATEST = { startingPosition: 'LATEST' } as const;

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) {
    await cleanUp();
  }
});

type Options = Omit<Parameters<typeof runTestApplication>[0], 'endpoints'>;

async function run(
  options: Options,
  endpoints: { dynamodb?: string; kinesis?: string } = {},
): Promise<TestApplication> {
  const application = await runTestApplication({
    endpoints: { dynamodb: dynamodb.endpoint, kinesis: kinesis.endpoint, ...endpoints },
    ...options,
  });
  cleanUps.push(() => application.running.stop());
  return application;
}

/** Forwards to an engine, and holds back requests of an operation until it is opened. */
async function startGate(engine: string, operation: string): Promise<Gate> {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const server: Server = createServer(async (incoming, outgoing) => {
    const { method, headers, url } = incoming;
    if (String(headers['x-amz-target']).endsWith(`.${operation}`)) {
      reached.resolve();
      await opened.promise;
    }
    const onward = request(new URL(url ?? '/', engine), { method, headers });
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    onward.end(await text(incoming));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, reached: reached.promise, open: opened.resolve };
}

interface Gate {
  readonly endpoint: string;
  readonly reached: Promise<void>;
  readonly open: () => void;
}

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix} ${index}`);
}

/** Puts texts into all shards of the stream. */
async function putEverywhere(
  { kinesis: client }: LocalClients,
  StreamName: string,
  texts: readonly string[],
): Promise<void> {
  const Records = texts.map((each) => ({ Data: Buffer.from(each), PartitionKey: each }));
  await client.send(new PutRecordsCommand({ StreamName, Records }));
}

async function putItems(
  { dynamodb: client }: LocalClients,
  TableName: string,
  ids: readonly string[],
): Promise<void> {
  for (const id of ids) {
    await client.send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));
  }
}

function collectedTexts(application: TestApplication): string[] {
  return application.logged<{ texts: string[] }>().flatMap(({ texts }) => texts);
}

function collectedIds(application: TestApplication): string[] {
  return application
    .logged<{ event: { Records: { dynamodb: { Keys: { id: { S: string } } } }[] } }>()
    .flatMap(({ event }) => event.Records.map((record) => record.dynamodb.Keys.id.S));
}

describe('runApplication, under LATEST', () => {
  it.each([
    ['kinesis', 'ListShards'],
    ['kinesis', 'GetShardIterator'],
    ['kinesis', 'GetRecords'],
    ['dynamodb', 'DescribeStream'],
    ['dynamodb', 'GetShardIterator'],
    ['dynamodb', 'GetRecords'],
  ] as const)('has not started before the stream of %s has answered %s', async (kind, operation) => {
    const gate = await startGate(kind === 'kinesis' ? kinesis.endpoint : dynamodb.endpoint, operation);
    let hasStarted = false;
    const starting = run(
      { kind, handler: 'streams.describeEvent', settings: LATEST },
      { [kind]: gate.endpoint },
    );
    void starting.then(() => {
      hasStarted = true;
    });
    await gate.reached;
    expect(hasStarted).toBe(false);
    gate.open();
    await starting;
  });

  it('delivers what is put into any shard of a stream from then on, and nothing earlier', async () => {
    const application = await run({
      handler: 'streams.collect',
      settings: LATEST,
      prepare: ({ clients, sourceName }) => putEverywhere(clients, sourceName, names('earlier', 50)),
    });
    await putEverywhere(application.clients, application.sourceName, names('later', 50));
    await application.running.whenIdle();
    expect(collectedTexts(application).toSorted()).toEqual(names('later', 50).toSorted());
  });

  it('delivers what a shard takes before it is split, and its children after', async () => {
    const application = await run({ handler: 'streams.collect', settings: LATEST });
    const { clients, sourceName: StreamName } = application;
    await putEverywhere(clients, StreamName, names('before', 20));
    await clients.kinesis.send(
      new SplitShardCommand({
        StreamName,
        ShardToSplit: 'shardId-000000000000',
        NewStartingHashKey: (2n ** 126n).toString(),
      }),
    );
    await putEverywhere(clients, StreamName, names('after', 20));
    const all = [...names('before', 20), ...names('after', 20)].toSorted();
    await application.running.whenIdle();
    expect(collectedTexts(application).toSorted()).toEqual(all);
  });

  it('delivers what two shards took before they are merged, and their child after, in order', async () => {
    const application = await run({ handler: 'streams.collect', settings: LATEST });
    const { clients, sourceName: StreamName } = application;
    await application.put(names('before', 20));
    await clients.kinesis.send(
      new MergeShardsCommand({
        StreamName,
        ShardToMerge: 'shardId-000000000000',
        AdjacentShardToMerge: 'shardId-000000000001',
      }),
    );
    await application.put(names('after', 20));
    const all = [...names('before', 20), ...names('after', 20)];
    await application.running.whenIdle();
    expect(collectedTexts(application)).toEqual(all);
  });

  it('does not start when its signal is aborted before its stream has answered', async () => {
    const gate = await startGate(kinesis.endpoint, 'GetRecords');
    const controller = new AbortController();
    const starting = run(
      { handler: 'streams.collect', settings: LATEST, more: { signal: controller.signal } },
      { kinesis: gate.endpoint },
    );
    await Promise.race([gate.reached, starting]);
    controller.abort(new Error('not wanted any more'));
    await expect(starting).rejects.toThrow('not wanted any more');
  });

  it('does not start when its stream cannot be read', async () => {
    const starting = run({
      handler: 'streams.collect',
      settings: LATEST,
      async prepare({ clients, sourceName: StreamName }) {
        await clients.kinesis.send(new DeleteStreamCommand({ StreamName }));
      },
    });
    await expect(starting).rejects.toThrow(
      /^Mapping cannot list the shards of its stream: ResourceNotFoundException/,
    );
  });
});

describe('runApplication, under AT_TIMESTAMP', () => {
  it('starts at once on an empty stream, and delivers what is put from then on', async () => {
    const application = await run({
      handler: 'streams.collect',
      settings: { startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: Date.now() / 1_000 },
    });
    await putEverywhere(application.clients, application.sourceName, names('record', 20));
    await application.running.whenIdle();
    expect(collectedTexts(application).toSorted()).toEqual(names('record', 20).toSorted());
  });

  it('refuses a time in the future', async () => {
    const settings = { startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: 4_000_000_000 } as const;
    await expect(run({ handler: 'streams.collect', settings })).rejects.toThrow(
      'Mapping begins at a StartingPositionTimestamp in the future (4000000000), which Lambda refuses',
    );
  });
});

describe.each(['dynamodb-local', 'dynoxide'] as const)('runApplication, under LATEST on %s', (engine) => {
  let started: Engine;
  beforeAll(async () => {
    started = await startDynamoDb({ engine });
  });
  afterAll(() => started.stop());

  it.each([
    ['a table that was empty', 0],
    ['a table with earlier writes', 30],
  ])('delivers what is written into %s from then on, and nothing earlier', async (_, earlier) => {
    const application = await run(
      {
        kind: 'dynamodb',
        handler: 'streams.describeEvent',
        settings: LATEST,
        prepare: ({ clients, sourceName }) => putItems(clients, sourceName, names('earlier', earlier)),
      },
      { dynamodb: started.endpoint },
    );
    await putItems(application.clients, application.sourceName, names('later', 30));
    await application.running.whenIdle();
    expect(collectedIds(application)).toEqual(names('later', 30));
  });
});
