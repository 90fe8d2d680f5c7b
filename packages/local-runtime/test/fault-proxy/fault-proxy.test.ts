import {
  type DynamoDBClient,
  GetItemCommand,
  IdempotentParameterMismatchException,
  InternalServerError,
  ThrottlingException,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { createLocalDynamoDb } from '@oncefold/engines';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultDecision, FaultPlan } from '../../src/fault-proxy/fault-plan.ts';
import { type FaultProxy, startFaultProxy } from '../../src/fault-proxy/fault-proxy.ts';
import {
  internalServerError,
  throttlingException,
  transactionConflict,
} from '../../src/fault-proxy/rejections.ts';
import { TOKEN_WINDOW_MS } from '../../src/fault-proxy/token-window.ts';
import { createTables } from '../support/create-tables.ts';

// Goal: each fault is what it says, seen from a client of the real SDK and from the tables behind the proxy.
// Method: a client that never retries adds to counters through the proxy; another one reads them past it.

const database = useDynamoDb();
const ends: (() => Promise<void> | void)[] = [];
let counters = 0;

beforeAll(() => createTables(database.client, { Counters: 'id' }));
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) {
    await end();
  }
});

async function behindProxy(
  plan: FaultPlan = {},
): Promise<{ client: DynamoDBClient; proxy: FaultProxy; counter: string }> {
  const proxy = await startFaultProxy({ engine: database.endpoint, plan });
  const client = createLocalDynamoDb({
    endpoint: proxy.endpoint('test'),
    credentials: database.credentials,
    maxAttempts: 1,
  });
  ends.push(
    () => proxy.close(),
    () => client.destroy(),
  );
  counters += 1;
  return { client, proxy, counter: `counter-${counters}` };
}

function addOne(
  client: DynamoDBClient,
  counter: string,
  options: { token?: string; by?: string } = {},
): Promise<unknown> {
  return client.send(
    new TransactWriteItemsCommand({
      ...(options.token === undefined ? {} : { ClientRequestToken: options.token }),
      TransactItems: [
        {
          Update: {
            TableName: 'Counters',
            Key: { id: { S: counter } },
            UpdateExpression: 'ADD #v :by',
            ExpressionAttributeNames: { '#v': 'Value' },
            ExpressionAttributeValues: { ':by': { N: options.by ?? '1' } },
          },
        },
      ],
    }),
  );
}

async function readCounter(counter: string): Promise<string | undefined> {
  const { Item } = await database.client.send(
    new GetItemCommand({ TableName: 'Counters', Key: { id: { S: counter } }, ConsistentRead: true }),
  );
  return Item?.['Value']?.N;
}

describe('startFaultProxy', () => {
  it('passes requests on, names their sender, and counts them', async () => {
    const seen: string[] = [];
    const { client, proxy, counter } = await behindProxy({
      beforeEngine: (request) => {
        seen.push(`${request.client} ${request.operation}`);
        return 'pass';
      },
    });
    await addOne(client, counter);
    await client.send(
      new GetItemCommand({ TableName: 'Counters', Key: { id: { S: counter } }, ConsistentRead: true }),
    );
    expect(await readCounter(counter)).toBe('1');
    expect(seen).toEqual(['test TransactWriteItems', 'test GetItem']);
    expect(proxy.figures()).toMatchObject({
      requests: 2,
      requestsByOperation: { TransactWriteItems: 1, GetItem: 1 },
      commits: 1,
      unitsComputed: { read: 1, write: 2 },
    });
  });

  it('passes the errors of the engine on as they are', async () => {
    const { client, proxy } = await behindProxy();
    await expect(
      client.send(new GetItemCommand({ TableName: 'Missing', Key: { id: { S: 'a' } } })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(proxy.figures().unitsComputed).toEqual({ read: 0, write: 0 });
  });

  it('drops the reply after the engine has committed', async () => {
    const { client, counter } = await behindProxy({ afterEngine: () => 'drop' });
    await expect(addOne(client, counter)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await readCounter(counter)).toBe('1');
  });

  it('turns requests away in the form that DynamoDB sends, and nothing is written', async () => {
    const rejections = [throttlingException(), transactionConflict(3, 1), internalServerError()];
    const { client, proxy, counter } = await behindProxy({
      beforeEngine: () => rejections.shift() ?? 'pass',
    });
    await expect(addOne(client, counter)).rejects.toThrow(ThrottlingException);
    const cancelled = await addOne(client, counter).catch((error: unknown) => error);
    expect(cancelled).toBeInstanceOf(TransactionCanceledException);
    expect((cancelled as TransactionCanceledException).CancellationReasons?.map(({ Code }) => Code)).toEqual([
      'None',
      'TransactionConflict',
      'None',
    ]);
    await expect(addOne(client, counter)).rejects.toThrow(InternalServerError);
    expect(await readCounter(counter)).toBeUndefined();
    expect(proxy.figures()).toMatchObject({ requests: 3, commits: 0 });
  });

  it('answers with an error although the engine has committed', async () => {
    const { client, counter } = await behindProxy({ afterEngine: () => internalServerError() });
    await expect(addOne(client, counter)).rejects.toThrow(InternalServerError);
    expect(await readCounter(counter)).toBe('1');
  });

  it('holds a request, and lets it land although its client has gone', async () => {
    const [held, released, landed] = [0, 1, 2].map(() => Promise.withResolvers<void>());
    const { client, counter } = await behindProxy({
      beforeEngine: async (): Promise<FaultDecision> => {
        held?.resolve();
        await released?.promise;
        return 'pass';
      },
      afterEngine: () => {
        landed?.resolve();
        return 'pass';
      },
    });
    const abandoned = addOne(client, counter).catch((error: unknown) => error);
    await held?.promise;
    client.destroy();
    expect(await readCounter(counter)).toBeUndefined();
    released?.resolve();
    await landed?.promise;
    expect(await readCounter(counter)).toBe('1');
    await abandoned;
  });

  it('never passes on what it holds when it is closed', async () => {
    const held = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const { client, proxy, counter } = await behindProxy({
      beforeEngine: async (): Promise<FaultDecision> => {
        held.resolve();
        await released.promise;
        return 'pass';
      },
    });
    const abandoned = addOne(client, counter).catch((error: unknown) => error);
    await held.promise;
    await proxy.close();
    released.resolve();
    expect(await abandoned).toBeInstanceOf(Error);
    expect(await readCounter(counter)).toBeUndefined();
    expect(proxy.failure).toBeUndefined();
  });

  it('ages tokens as AWS documents: a repetition within the window, a new request after it', async () => {
    const { client, proxy, counter } = await behindProxy();
    const token = `${counter}-token`;
    for (let repetition = 0; repetition < 3; repetition += 1) {
      await addOne(client, counter, { token });
    }
    expect(await readCounter(counter)).toBe('1');
    await expect(addOne(client, counter, { token, by: '2' })).rejects.toThrow(
      IdempotentParameterMismatchException,
    );
    proxy.tokens.advance(TOKEN_WINDOW_MS - 60_000);
    await addOne(client, counter, { token });
    expect(await readCounter(counter)).toBe('1');
    proxy.tokens.advance(60_000);
    for (let repetition = 0; repetition < 2; repetition += 1) {
      await addOne(client, counter, { token });
    }
    expect(await readCounter(counter)).toBe('2');
    expect(proxy.tokens.expireAll()).toBe(1);
    await addOne(client, counter, { token, by: '5' });
    expect(await readCounter(counter)).toBe('7');
    // Each repetition was charged as a read.
    expect(proxy.figures()).toMatchObject({ commits: 3, unitsComputed: { read: 8, write: 6 } });
  });

  it('says what kept it from its work', async () => {
    const proxy = await startFaultProxy({ engine: 'http://127.0.0.1:9' });
    const client = createLocalDynamoDb({
      endpoint: proxy.endpoint('test'),
      credentials: database.credentials,
      maxAttempts: 1,
    });
    ends.push(
      () => proxy.close(),
      () => client.destroy(),
    );
    await expect(addOne(client, 'nowhere')).rejects.toThrow();
    expect(proxy.failure).toMatchObject({ code: 'engine-unreachable' });
  });
});
