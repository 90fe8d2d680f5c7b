import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, inject } from 'vitest';
import type { Engine } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { freshCredentials, type LocalCredentials } from './fresh-credentials.ts';
import { createLocalDynamoDb, createLocalKinesis, createLocalSqs } from './local-clients.ts';
import { startDynamoDb } from './start-dynamodb.ts';
import { startKinesis } from './start-kinesis.ts';
import { startSqs } from './start-sqs.ts';
import type {} from './vitest-global-setup.ts';

/** An engine for one test file, with access key, client and endpoint of its own. */
interface TestEngine<Client> {
  readonly client: Client;
  readonly credentials: LocalCredentials;
  /** Base URL of the engine. */
  readonly endpoint: string;
}

export type TestDynamoDb = TestEngine<DynamoDBClient>;
export type TestKinesis = TestEngine<KinesisClient>;
export type TestSqs = TestEngine<SQSClient>;

const START_TIMEOUT_MS = 90_000;

/**
 * Gives the test file, or the `describe` that calls it, an empty DynamoDB.
 *
 * All files of a run share one engine if the global setup is configured, each with an access key and so a database of
 * its own. The client can be passed on at once; it is to be used in hooks and tests only.
 */
export function useDynamoDb(): TestDynamoDb {
  const shared = inject('oncefoldDynamoDbStarter');
  return useEngine(createLocalDynamoDb, async () => {
    if (shared === undefined) {
      return startDynamoDb();
    }
    const response = await fetch(shared);
    const text = await response.text();
    if (!response.ok) {
      throw new EngineError(text, { code: 'engine-unavailable' });
    }
    return { endpoint: text };
  });
}

/**
 * Gives the test file, or the `describe` that calls it, an empty Kinesis.
 *
 * Access keys do not separate its streams, so that each file has an engine of its own; it starts in a fraction of a
 * second.
 */
export function useKinesis(): TestKinesis {
  return useEngine(createLocalKinesis, () => startKinesis());
}

/** Gives the test file, or the `describe` that calls it, an empty SQS, for the same reason one of its own. */
export function useSqs(): TestSqs {
  return useEngine(createLocalSqs, () => startSqs());
}

/** Starts an engine before the tests and ends it after them, unless it belongs to the whole run. */
function useEngine<Client extends { destroy(): void }>(
  createClient: (options: {
    readonly endpoint: () => Promise<string>;
    readonly credentials: LocalCredentials;
  }) => Client,
  start: () => Promise<Pick<Engine, 'endpoint'> & Partial<Engine>>,
): TestEngine<Client> {
  let running: (Pick<Engine, 'endpoint'> & Partial<Engine>) | undefined;
  const credentials = freshCredentials();
  const client = createClient({ endpoint: async () => engine.endpoint, credentials });
  const engine = {
    client,
    credentials,
    get endpoint() {
      if (running === undefined) {
        throw new EngineError('The engine is started before the first test: use it in hooks and tests only', {
          code: 'not-started',
        });
      }
      return running.endpoint;
    },
  };
  beforeAll(async () => {
    running = await start();
  }, START_TIMEOUT_MS);
  afterAll(() => running?.stop?.());
  afterAll(() => client.destroy());
  return engine;
}
