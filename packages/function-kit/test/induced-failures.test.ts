/** Goal: percentages are read from the table as it is. Method: a handler behind Middy, the table on a real engine. */
import {
  CreateTableCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';
import { useDynamoDb } from '@oncefold/engines/vitest';
import type { Context } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment } from '../src/environment/environment.ts';
import {
  composeInducedFailures,
  InducedFailure,
  induceFailures,
} from '../src/induced-failures/induce-failures.ts';
import { InducedFailureParameterError } from '../src/induced-failures/percentage-reader.ts';

const { client } = useDynamoDb();
const table = 'ParameterTable';
const parameter = 'FAILURE_REDUCE_LAMBDA_PCT';
const context = {} as Context;

beforeAll(async () => {
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'parameter', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'parameter', KeyType: 'HASH' }],
    }),
  );
});

const set = (value: { N: string } | { S: string }) =>
  client.send(new PutItemCommand({ TableName: table, Item: { parameter: { S: parameter }, value } }));
const remove = () =>
  client.send(new DeleteItemCommand({ TableName: table, Key: { parameter: { S: parameter } } }));

/** A handler that counts its runs, with a clock that the test moves and a client that counts its reads. */
function createHandler() {
  const seen = { runs: 0, reads: 0, nowMs: 0 };
  const counting = {
    send: (command: Parameters<DynamoDBClient['send']>[0]) => {
      seen.reads += 1;
      return client.send(command);
    },
  } as Pick<DynamoDBClient, 'send'>;
  const handler = middy(async () => {
    seen.runs += 1;
    return 'done';
  }).before(induceFailures({ parameter, table, client: counting, seed: 7, now: () => seen.nowMs }));
  return { seen, invoke: () => handler({}, context) };
}

describe('induceFailures before a handler', () => {
  it('lets everything pass where the parameter is absent', async () => {
    await remove();
    const { invoke } = createHandler();
    expect(await invoke()).toBe('done');
  });

  it('fails before the handler runs', async () => {
    await set({ N: '100' });
    const { invoke, seen } = createHandler();
    await expect(invoke()).rejects.toThrow(InducedFailure);
    expect(seen.runs).toBe(0);
  });

  it('honours a change when the cache is a second old, and reads no more often', async () => {
    await set({ N: '0' });
    const { invoke, seen } = createHandler();
    await invoke();
    await set({ N: '100.0' });
    seen.nowMs = 999;
    await invoke();
    expect(seen.reads).toBe(1);
    seen.nowMs = 1_000;
    await expect(invoke()).rejects.toThrow(InducedFailure);
    expect(seen.reads).toBe(2);
  });

  it.each([{ N: '101' }, { N: '-1' }, { S: '5' }])('refuses %j', async (value) => {
    await set(value);
    await expect(createHandler().invoke()).rejects.toThrow(InducedFailureParameterError);
  });

  it('throws what the table answers', async () => {
    const handler = middy(async () => 'done').before(induceFailures({ parameter, table: 'NoTable', client }));
    await expect(handler({}, context)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('induceFailures', () => {
  it('fails where it is called, and says for which parameter', async () => {
    await set({ N: '100' });
    const induceFailure = induceFailures({ parameter, table, client });
    await expect(induceFailure()).rejects.toMatchObject({ code: 'induced-failure', parameter });
    await remove();
    await expect(induceFailures({ parameter, table, client })()).resolves.toBeUndefined();
  });
});

describe('composeInducedFailures', () => {
  const compose = (variables: Record<string, string>) =>
    composeInducedFailures(readEnvironment(variables), { parameter, client });
  const induced = { INDUCED_FAILURES: 'true', PARAMETER_TABLE: table };

  it('never fails unless failures are turned on', async () => {
    await set({ N: '100' });
    await expect(compose({})()).resolves.toBeUndefined();
    await expect(compose({ INDUCED_FAILURES: 'false', INDUCED_FAILURE_SEED: '' })()).resolves.toBeUndefined();
    await expect(compose(induced)()).rejects.toThrow(InducedFailure);
  });

  it('wants the parameter table only where failures are induced', () => {
    expect(() => compose({ INDUCED_FAILURES: 'true' })).toThrow('PARAMETER_TABLE');
  });

  it('takes any integer as a seed, and names one that is none', () => {
    for (const seed of ['42', '0', '-42']) {
      expect(() => compose({ ...induced, INDUCED_FAILURE_SEED: seed })).not.toThrow();
    }
    expect(() => compose({ ...induced, INDUCED_FAILURE_SEED: '1.5' })).toThrow('INDUCED_FAILURE_SEED');
  });
});
