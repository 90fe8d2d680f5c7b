import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { parseDecimal } from '@oncefold/reducer';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CommitRecord, commitBatch, incrementEach, type Strategy } from '../src/index.ts';
import { createMemoryTransactions } from '../src/memory/index.ts';
import { powertools } from '../src/powertools/index.ts';

const dynamodb = useDynamoDb();
const effect = incrementEach({ table: 'Aggregates', key: 'Identifier', attribute: 'Value' });
const one = (sequence: number): CommitRecord => ({
  id: `record-${sequence}`,
  contribution: new Map([['a', parseDecimal('1')]]),
});

beforeAll(async () => {
  await dynamodb.client.send(
    new CreateTableCommand({
      TableName: 'IdempotencyTable',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
});

function create(consumer: string): Strategy {
  const store = new DynamoDBPersistenceLayer({
    tableName: 'IdempotencyTable',
    awsSdkV3Client: dynamodb.client,
  });
  return powertools({ namespace: 'test', consumer, store, expiresAfterSeconds: 3600 });
}

describe('commitBatch with powertools', () => {
  const run = (
    transactions: ReturnType<typeof createMemoryTransactions>,
    strategy: Strategy,
    ...sequences: number[]
  ) =>
    commitBatch(
      { records: sequences.map(one), source: 'stream' },
      { transactions, strategy, effect, remainingMs: () => 30_000 },
    );
  const sum = (store: ReturnType<typeof createMemoryTransactions>) =>
    store.get('Aggregates', { Identifier: { S: 'a' } })?.['Value'];

  it('counts once when the same batch is redelivered, to the same or to another process', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const report = await run(store, create('again'), 1, 2);
    expect(report).toMatchObject({ applied: ['record-1', 'record-2'], commits: 1 });
    expect(await run(store, create('again'), 1, 2)).toMatchObject({
      applied: [],
      alreadyApplied: ['record-1', 'record-2'],
    });
    expect(sum(store)).toEqual({ N: '2' });
  });

  it('counts twice when the batch is redelivered in another grouping: the hole that ledger and checkpoint close', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    await run(store, create('cut'), 1, 2);
    await run(store, create('cut'), 1);
    expect(sum(store)).toEqual({ N: '3' });
  });

  it('counts twice when the invocation fails after the commit, because the library then forgets the group', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    const dying = {
      ...store,
      transact: async (request: Parameters<typeof store.transact>[0]) => {
        await store.transact(request);
        throw new Error('killed after the commit');
      },
    };
    await expect(run(dying, create('killed'), 1)).rejects.toThrow('killed after the commit');
    await run(store, create('killed'), 1);
    expect(sum(store)).toEqual({ N: '2' });
  });

  it('counts once when an answer that cannot be read came after the commit', async () => {
    const store = createMemoryTransactions({ now: () => 0 });
    let lost = false;
    const gateway = {
      transact: async (request: Parameters<typeof store.transact>[0]) => {
        const outcome = await store.transact(request);
        if (lost) {
          return outcome;
        }
        lost = true;
        return { code: 'unavailable', cause: new SyntaxError('<html>') } as const;
      },
    };
    const report = await commitBatch(
      { records: [1, 2, 3, 4, 5].map(one), source: 'stream' },
      { transactions: gateway, strategy: create('html'), effect, remainingMs: () => 30_000 },
    );
    expect(report.unknowns).toBe(1);
    expect(sum(store)).toEqual({ N: '5' });
  });
});
