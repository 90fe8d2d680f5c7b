/** Goal: Powertools' idempotency runs on the simulated store unchanged. Method: its own persistence layer, over a client that sends there. */
import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { expect, it } from 'vitest';
import { commandRequest, createStore, type SimulatedStore } from '../src/index.ts';

function createLayer(store: SimulatedStore): DynamoDBPersistenceLayer {
  const client = new DynamoDBClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
  });
  client.send = async (command: unknown) => commandRequest(store, command).begin().finish() as never;
  return new DynamoDBPersistenceLayer({ tableName: 'Idempotency', awsSdkV3Client: client });
}

/** With a deadline, or each lock would stand for an hour. */
function createConfig(): IdempotencyConfig {
  const config = new IdempotencyConfig({});
  config.registerLambdaContext({ getRemainingTimeInMillis: () => 30_000 } as Context);
  return config;
}

it('runs a function once for each payload, and refuses it while it runs', async () => {
  const store = createStore({ tables: [{ name: 'Idempotency', key: ['id'] }], now: () => 0 });
  let runs = 0;
  let during: Promise<unknown> | undefined;
  const make = (work: () => Promise<void>) =>
    makeIdempotent(
      async (event: { id: string }) => {
        runs += 1;
        await work();
        return { of: event.id, runs };
      },
      { persistenceStore: createLayer(store), config: createConfig() },
    );
  const other = make(async () => {});
  const first = make(async () => {
    during = other({ id: 'a' }).catch((error: unknown) => error);
    await during;
  });
  expect(await first({ id: 'a' })).toEqual({ of: 'a', runs: 1 });
  expect(await during).toBeInstanceOf(IdempotencyAlreadyInProgressError);
  expect(await other({ id: 'a' })).toEqual({ of: 'a', runs: 1 });
  expect(await other({ id: 'b' })).toEqual({ of: 'b', runs: 2 });
  expect(store.snapshot('Idempotency').map(({ status }) => status?.S)).toEqual(['COMPLETED', 'COMPLETED']);
});

it('frees the payload of a function that fails', async () => {
  const store = createStore({ tables: [{ name: 'Idempotency', key: ['id'] }], now: () => 0 });
  const failing = makeIdempotent(
    async (_: { id: string }) => {
      throw new Error('failed');
    },
    { persistenceStore: createLayer(store), config: createConfig() },
  );
  await expect(failing({ id: 'a' })).rejects.toThrow('failed');
  expect(store.snapshot('Idempotency')).toEqual([]);
});
