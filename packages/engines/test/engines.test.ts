import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it, vi } from 'vitest';
import { startDynamoDbLocal } from '../src/dynamodb-local.ts';
import { findDynoxide } from '../src/dynoxide.ts';
import type { Engine } from '../src/engine.ts';
import { findJava } from '../src/find-java.ts';
import { freePort } from '../src/free-port.ts';
import { freshCredentials } from '../src/fresh-credentials.ts';
import { launchEngine } from '../src/launch-engine.ts';
import { createLocalClients } from '../src/local-clients.ts';
import { startDynamoDb } from '../src/start-dynamodb.ts';
import { startKinesis } from '../src/start-kinesis.ts';
import { isRunning, startOwner, untilEmpty } from './processes.ts';

const table: CreateTableCommandInput = {
  TableName: 'Orders',
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'OrderId', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'OrderId', AttributeType: 'S' }],
};

describe('startDynamoDb', () => {
  it.each(['dynamodb-local', 'dynoxide'] as const)('starts %s beside Kinesis and ends both', async (name) => {
    const [dynamodb, kinesis] = await Promise.all([startDynamoDb({ engine: name }), startKinesis()]);
    expect(dynamodb).toMatchObject({ name, version: expect.stringMatching(/^\d+\.\d+/) });
    expect(kinesis).toMatchObject({ name: 'kinesalite', version: expect.stringMatching(/^\d+\.\d+/) });
    await expectToAnswer(dynamodb, kinesis);
    await Promise.all([dynamodb.stop(), kinesis.stop()]);
    expect(await running([dynamodb.pid, kinesis.pid])).toEqual([]);
  });

  it.each(['dynamodb-local', 'dynoxide'] as const)(
    'shows tables to every region and access key in %s where it is shared, past a proxy that is set for everything',
    async (name) => {
      const refusing = `http://127.0.0.1:${await freePort()}`;
      for (const variable of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY']) {
        vi.stubEnv(variable, refusing);
      }
      vi.stubEnv('NODE_USE_ENV_PROXY', '1');
      vi.stubEnv('NO_PROXY', '');
      vi.stubEnv('AWS_REGION', 'ap-southeast-2');
      vi.stubEnv('AWS_ACCOUNT_ID', '123456789012');
      const region = 'eu-west-1';
      const owner = startOwner('proxied', name);
      const { dynamodbEndpoint, kinesisEndpoint } = (await owner.nextLine()) as Record<string, string>;
      if (dynamodbEndpoint === undefined || kinesisEndpoint === undefined) {
        throw new Error('the owner names no endpoint');
      }
      vi.unstubAllEnvs();
      const endpoints = { dynamodbEndpoint, kinesisEndpoint };
      const one = createLocalClients({ ...endpoints, credentials: freshCredentials(), region });
      const other = createLocalClients({ ...endpoints, credentials: freshCredentials() });
      await one.dynamodb.send(new CreateTableCommand(table));
      const { TableNames } = await other.dynamodb.send(new ListTablesCommand({}));
      expect(TableNames).toEqual(['Orders']);
      await one.kinesis.send(new CreateStreamCommand({ StreamName: 'Events', ShardCount: 1 }));
      const described = new DescribeStreamSummaryCommand({ StreamName: 'Events' });
      const { StreamDescriptionSummary } = await other.kinesis.send(described);
      expect(StreamDescriptionSummary?.StreamARN).toBe(
        `arn:aws:kinesis:${region}:000000000000:stream/Events`,
      );
      process.kill(owner.pid, 'SIGKILL');
    },
  );

  it('does without Java where there is none, or says what to install', async () => {
    vi.stubEnv('PATH', '/nowhere');
    vi.stubEnv('JAVA_HOME', '');
    try {
      const engine = await startDynamoDb();
      expect(engine.name).toBe('dynoxide');
      await engine.stop();
      await expect(startDynamoDb({ engine: 'dynamodb-local' })).rejects.toMatchObject({
        code: 'java-missing',
        message: expect.stringMatching(/needs Java 17 or newer .*install a Java runtime/),
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('ends its engines when the owner is killed', async () => {
    const owner = startOwner('engines', '');
    const { pids } = (await owner.nextLine()) as { pids: number[] };
    expect(await running(pids)).toEqual(pids);
    process.kill(owner.pid, 'SIGKILL');
    expect(await untilEmpty(() => running(pids))).toEqual([]);
  });

  it('reports when the engine ends by itself', async () => {
    const engine = await startKinesis();
    process.kill(engine.pid, 'SIGKILL');
    expect(await engine.exited).toEqual({ signal: 'SIGKILL' });
    expect(engine.lastOutput()).toMatch(/^\{"port":\d+/);
    await engine.stop();
  });

  it('gives up when it is aborted while starting, and ends a started engine', async () => {
    await expect(startKinesis({ signal: AbortSignal.abort(new Error('not wanted')) })).rejects.toThrow(
      'not wanted',
    );
    const whileStarting = new AbortController();
    const start = startDynamoDb({ signal: whileStarting.signal });
    whileStarting.abort(new Error('no longer wanted'));
    await expect(start).rejects.toThrow('no longer wanted');
    const later = new AbortController();
    const engine = await startKinesis({ signal: later.signal });
    later.abort();
    expect(await engine.exited).toEqual({ signal: 'SIGKILL' });
  });

  it('leaves no file behind when the owner is killed while the engine starts', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'oncefold-test-'));
    const owner = startOwner('engines', '', { TMPDIR: directory });
    // The engine unpacks a library first, so that more than an empty folder would be left.
    const unpacked = async () =>
      (await readdir(directory, { recursive: true })).some((name) => name.endsWith('.so'));
    await untilEmpty(async () => ((await unpacked()) ? [] : ['nothing unpacked yet']));
    process.kill(owner.pid, 'SIGKILL');
    expect(await untilEmpty(() => readdir(directory))).toEqual([]);
    await rm(directory, { recursive: true });
  });

  it('leaves no file behind when the engine is killed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'oncefold-test-'));
    vi.stubEnv('TMPDIR', directory);
    try {
      const engine = await startDynamoDb({ engine: 'dynamodb-local' });
      process.kill(engine.pid, 'SIGKILL');
      await engine.exited;
      expect(await readdir(directory)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      await rm(directory, { recursive: true });
    }
  });

  it('takes another port when another engine has taken the first', async () => {
    const { java } = await findJava(17);
    if (java === undefined) {
      throw new Error('this test needs Java 17 or newer');
    }
    const first = await startDynamoDbLocal({ java });
    const ports = [Number(new URL(first.endpoint).port), await freePort()];
    const second = await startDynamoDbLocal({ java, choosePort: async () => ports.shift() ?? 0 });
    expect(second.endpoint).not.toBe(first.endpoint);
    await Promise.all([first.stop(), second.stop()]);
  });
});

describe('findDynoxide', () => {
  it('finds the program where its package is installed', () => {
    expect(findDynoxide()).toMatch(/dynoxide$/);
  });
});

describe('launchEngine', () => {
  const launch = (script: string) =>
    launchEngine({
      name: 'test-engine',
      prepare: async () => ({
        command: { command: 'sh', args: ['-c', script] },
        probe: async () => undefined,
      }),
    });

  it('throws with the last words of an engine that ends while starting', async () => {
    await expect(launch('echo out of paper >&2; exit 3')).rejects.toMatchObject({
      code: 'start-exited',
      message: expect.stringContaining('out of paper'),
    });
  });

  it('tries a few ports and no more', async () => {
    await expect(launch('echo "address already in use" >&2; exit 1')).rejects.toMatchObject({
      code: 'start-exited',
      message: expect.stringContaining('address already in use'),
    });
  });
});

async function expectToAnswer(dynamodb: Engine, kinesis: Engine): Promise<void> {
  const clients = createLocalClients({
    dynamodbEndpoint: dynamodb.endpoint,
    kinesisEndpoint: kinesis.endpoint,
    credentials: freshCredentials(),
  });
  expect((await clients.dynamodb.send(new ListTablesCommand({}))).TableNames).toEqual([]);
  expect((await clients.kinesis.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
  for (const client of Object.values(clients)) {
    client.destroy();
  }
}

async function running(pids: readonly number[]): Promise<number[]> {
  const states = await Promise.all(pids.map(isRunning));
  return pids.filter((_, index) => states[index]);
}
