import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, inject } from 'vitest';
import type { Engine } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { freshCredentials, type LocalCredentials } from './fresh-credentials.ts';
import { createLocalDynamoDb, createLocalKinesis } from './local-clients.ts';
import { startDynamoDb } from './start-dynamodb.ts';
import { startKinesis } from './start-kinesis.ts';
import type {} from './vitest-global-setup.ts';

/** A database for one test file. */
export interface TestDynamoDb {
  readonly client: DynamoDBClient;
  /** Access key of this file's own database. */
  readonly credentials: LocalCredentials;
  /** Base URL of the engine. */
  readonly endpoint: string;
}

/** Kinesis for one test file. */
export interface TestKinesis {
  readonly client: KinesisClient;
  readonly credentials: LocalCredentials;
  /** As {@link TestDynamoDb.endpoint}. */
  readonly endpoint: string;
}

const START_TIMEOUT_MS = 90_000;

/**
 * Gives the test file, or the `describe` that calls it, an empty DynamoDB.
 *
 * All files of a run share one engine if the global setup is configured, each with an access key and so a database of
 * its own. The client can be passed on at once; it is to be used in hooks and tests only.
 */
export function useDynamoDb(): TestDynamoDb {
  const shared = inject('oncefoldDynamoDbStarter');
  const engine = useEngine(async () => {
    if (shared === undefined) {
      return startDynamoDb();
    }
    const response = await fetch(shared);
    const text = await response.text();
    if (!response.ok) {
      throw new EngineError('engine-unavailable', text);
    }
    return { endpoint: text };
  });
  const credentials = freshCredentials();
  const client = createLocalDynamoDb({ endpoint: async () => engine.endpoint, credentials });
  afterAll(() => client.destroy());
  return {
    client,
    credentials,
    get endpoint() {
      return engine.endpoint;
    },
  };
}

/**
 * Gives the test file, or the `describe` that calls it, an empty Kinesis.
 *
 * Access keys do not separate its streams, so that each file has an engine of its own; it starts in a fraction of a
 * second.
 */
export function useKinesis(): TestKinesis {
  const engine = useEngine(() => startKinesis());
  const credentials = freshCredentials();
  const client = createLocalKinesis({ endpoint: async () => engine.endpoint, credentials });
  afterAll(() => client.destroy());
  return {
    client,
    credentials,
    get endpoint() {
      return engine.endpoint;
    },
  };
}

/** Starts an engine before the tests and ends it after them, unless it belongs to the whole run. */
function useEngine(start: () => Promise<Pick<Engine, 'endpoint'> & Partial<Engine>>): {
  readonly endpoint: string;
} {
  let running: (Pick<Engine, 'endpoint'> & Partial<Engine>) | undefined;
  beforeAll(async () => {
    running = await start();
  }, START_TIMEOUT_MS);
  afterAll(() => running?.stop?.());
  return {
    get endpoint() {
      if (running === undefined) {
        throw new EngineError(
          'not-started',
          'The engine is started before the first test: use it in hooks and tests only',
        );
      }
      return running.endpoint;
    },
  };
}
