import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { contractTables, describeTransactionContract } from '../src/contract/index.ts';
import { classifyDynamoDbError, createDynamoDbTransactions } from '../src/dynamodb/index.ts';
import {
  type Action,
  aggregateTable,
  type CommitRecord,
  checkpoint,
  commitBatch,
  type Item,
  incrementEach,
  ledger,
  type Strategy,
  type TransactionPort,
  type TransactionRefusedError,
  type Update,
} from '../src/index.ts';
import { compareValues, createMemoryTransactions } from '../src/memory/index.ts';

const dynamodb = useDynamoDb();

/** A client as a function has it: one attempt, because commitBatch retries. */
function clientWith(config: DynamoDBClientConfig): DynamoDBClient {
  return new DynamoDBClient({
    region: 'us-east-1',
    credentials: dynamodb.credentials,
    maxAttempts: 1,
    ...config,
  });
}

beforeAll(async () => {
  for (const { name, key } of Object.values(contractTables)) {
    await dynamodb.client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
        KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
      }),
    );
  }
});

describeTransactionContract('DynamoDB', async () => ({
  port: createDynamoDbTransactions(clientWith({ endpoint: dynamodb.endpoint })),
  itemAt: async ({ table, key }) => {
    const command = new GetItemCommand({ TableName: table, Key: { ...key }, ConsistentRead: true });
    return (await dynamodb.client.send(command)).Item as Item | undefined;
  },
}));

describe('createDynamoDbTransactions', () => {
  const timeoutMs = 20_000;
  const names = { namespace: 'n', consumer: 'c' };
  const markers = ledger({ ...names, table: contractTables.markers.name });
  const positions = checkpoint({
    ...names,
    table: contractTables.positions.name,
    startsTable: contractTables.markers.name,
    parallelizationFactor: 1,
  });
  const put = (table = 'Aggregates') =>
    ({ type: 'put', table, key: { Identifier: { S: 'a' } }, attributes: {} }) as const;

  it('refuses a client that retries by itself', async () => {
    const port = createDynamoDbTransactions(clientWith({ endpoint: dynamodb.endpoint, maxAttempts: 3 }));
    await expect(port.transact({ actions: [put()], timeoutMs })).rejects.toMatchObject({
      code: 'strategy-unusable',
    });
  });

  it('throws when the table is not there, because sending again would change nothing', async () => {
    const port = createDynamoDbTransactions(clientWith({ endpoint: dynamodb.endpoint }));
    await expect(port.transact({ actions: [put('NoSuchTable')], timeoutMs })).rejects.toMatchObject({
      code: 'transaction-refused',
      key: 'NoSuchTable',
      message:
        'DynamoDB refused the request: ResourceNotFoundException, on NoSuchTable: Cannot do operations on a non-existent table',
    });
  });

  it.each<[string, Item, string]>([
    [
      'a key of another type',
      { Identifier: { N: '4711' } },
      'DynamoDB cancelled the transaction: ValidationError, put on Aggregates: One or more parameter values were invalid: Type mismatch for key',
    ],
    [
      'a missing key',
      { Other: { S: 'secret' } },
      'DynamoDB refused the request: ValidationException, on Aggregates: One of the required keys was not given a value',
    ],
  ])('says what DynamoDB refuses, without values: %s', async (_, key, message) => {
    const port = createDynamoDbTransactions(clientWith({ endpoint: dynamodb.endpoint }));
    const action = { type: 'put', table: 'Aggregates', key, attributes: {} } as const;
    await expect(port.transact({ actions: [action], timeoutMs })).rejects.toMatchObject({ message });
  });

  it.each([
    [
      'a cancelled transaction',
      cancelledFor([{ Code: 'None' }, { Code: 'ValidationError' }]),
      'put on Other',
    ],
    ['a refused one', errorOf('ValidationException'), 'on Aggregates, Other'],
  ])('names the table of %s', async (_, answer, place) => {
    const port = createDynamoDbTransactions(clientWith({ endpoint: await answering(400, answer) }));
    const actions = [put(), put('Other')];
    await expect(port.transact({ actions, timeoutMs })).rejects.toThrow(place);
  });

  it('reports a store that cannot be reached as unavailable', async () => {
    // Port 9 of the loopback address: nothing listens there.
    const port = createDynamoDbTransactions(clientWith({ endpoint: 'http://127.0.0.1:9' }));
    expect(await port.transact({ actions: [put()], timeoutMs })).toMatchObject({ code: 'unavailable' });
  });

  it.each<[string, number, string]>([
    ['an HTML page of a gateway, 502', 502, '<html>Bad Gateway</html>'],
    ['an HTML page of a gateway, 503', 503, '<html>Service Unavailable</html>'],
    ['an HTML page of a proxy, 403', 403, '<html>Forbidden</html>'],
    ['an HTML page, 200', 200, '<html>Welcome</html>'],
    ['a truncated answer', 200, '{"ConsumedCapacity":[{"TableN'],
    ['an empty answer', 200, ''],
    ['an answer of another service', 200, '{}'],
    ['an answer with no capacity', 200, '{"ConsumedCapacity":[]}'],
    ['a cancellation with a reason that is none', 400, cancelledFor([null])],
    ['an empty error', 400, ''],
    ['a clock that is off', 400, errorOf('RequestTimeTooSkewed')],
    [
      'a signature that has expired',
      400,
      errorOf('InvalidSignatureException', 'Signature expired: 1 is now earlier than 2'),
    ],
    ['a request that took too long', 400, errorOf('RequestTimeout')],
    ['an error nobody knows', 400, errorOf('BrandNewException')],
    ['a cancellation without reasons', 400, errorOf('TransactionCanceledException')],
    ['a server error', 500, errorOf('InternalServerError')],
  ])('takes %s for no answer: whether it was written is unknown', async (_, status, body) => {
    const port = createDynamoDbTransactions(clientWith({ endpoint: await answering(status, body) }));
    expect(await port.transact({ actions: [put()], timeoutMs })).toMatchObject({ code: 'unavailable' });
  });

  it.each([
    'ValidationException',
    'AccessDeniedException',
    'ResourceNotFoundException',
    'UnrecognizedClientException',
    'InvalidSignatureException',
  ])('takes %s for a refusal', async (name) => {
    const port = createDynamoDbTransactions(clientWith({ endpoint: await answering(400, errorOf(name)) }));
    await expect(port.transact({ actions: [put()], timeoutMs })).rejects.toMatchObject({
      code: 'transaction-refused',
    });
  });

  it('ends with its time while the client still waits for credentials', async () => {
    const credentials = () => new Promise<never>(() => {});
    const port = createDynamoDbTransactions(clientWith({ endpoint: dynamodb.endpoint, credentials }));
    expect(await port.transact({ actions: [put()], timeoutMs: 1 })).toMatchObject({ code: 'unavailable' });
  });

  it.each<[string, AttributeValue]>([
    ['null', { NULL: true }],
    ['a list', { L: [] }],
    ['a set', { NS: ['5'] }],
    ['text', { S: '5' }],
  ])('does not take %s in the place of a sum for a limit that does not hold', async (_, pieces) => {
    const Identifier = { S: `shelf-${Object.keys(pieces)}` };
    await dynamodb.client.send(new PutItemCommand({ TableName: 'Aggregates', Item: { Identifier, pieces } }));
    const stock = aggregateTable({
      table: 'Aggregates',
      key: { Identifier: '{shelf}' },
      measures: ['pieces'],
      limits: { pieces: { min: 0 } },
    });
    const sale = { id: 'sale', contribution: stock.add({ shelf: Identifier.S }, { pieces: -1 }) };
    const committed = commitBatch(
      { source: 'orders', records: [sale] },
      {
        transactions: createDynamoDbTransactions(clientWith({ endpoint: dynamodb.endpoint })),
        strategy: markers,
        effect: stock,
        remainingMs: () => timeoutMs,
        onConditionFailed: () => ({}),
      },
    );
    await expect(committed).rejects.toMatchObject({
      code: 'transaction-refused',
      message: 'pieces of an item of Aggregates is no number, so that nothing can be added to it',
    });
  });

  it.each([
    ['1e30', '-1e-7'],
    ['9'.repeat(38), '1'],
    ['9'.repeat(38), '0.4'],
    ['1e37', '1e-1'],
    ['9e125', '9e125'],
    ['1.5e-130', '-15e-131'],
    ['-0', '0.10'],
  ])('adds to %s and compares it with %s as the memory does', async (before, other) => {
    const place = { table: 'Aggregates', key: { Identifier: { S: `${before} and ${other}` } } } as const;
    const dynamoDb = createDynamoDbTransactions(clientWith({ endpoint: dynamodb.endpoint }));
    const memory = createMemoryTransactions({ now: () => 0 });
    const actions: readonly Action[] = [
      { type: 'put', ...place, attributes: { Value: { N: before } } },
      { type: 'check', ...place, condition: { attribute: 'Value', is: '<', value: { N: other } } },
      { type: 'check', ...place, condition: { attribute: 'Value', is: '=', value: { N: other } } },
      { type: 'update', ...place, add: { Value: other } },
    ];
    const outcomesOf = async (port: TransactionPort) => {
      const codes: unknown[] = [];
      for (const action of actions) {
        codes.push(
          await port
            .transact({ actions: [action], timeoutMs })
            .catch((error: TransactionRefusedError) => error),
        );
      }
      return codes.map((outcome) => (outcome as { readonly code: string }).code);
    };
    const expected = await outcomesOf(dynamoDb);
    expect(await outcomesOf(memory)).toEqual(expected);
    const command = new GetItemCommand({
      TableName: place.table,
      Key: { ...place.key },
      ConsistentRead: true,
    });
    const { Value } = ((await dynamodb.client.send(command)).Item ?? {}) as Item;
    // The engine keeps idle zeros.
    expect(
      compareValues(memory.get(place.table, place.key)?.['Value'] as Item[string], Value as Item[string]),
    ).toBe(0);
  });

  it.each<[string, Strategy, (name: string) => Partial<Update>]>([
    ['add to', positions, (name) => ({ add: { [name]: '1' } })],
    ['set', positions, (name) => ({ set: { [name]: { N: '1' } } })],
    ['set first', markers, (name) => ({ setIfAbsent: { [name]: { N: '1' } } })],
  ])(
    'commits records that %s an attribute each of one item, which are too many for one expression',
    async (kind, strategy, change) => {
      const place = { table: 'Aggregates', key: { Identifier: { S: kind } } } as const;
      const records = Array.from(
        { length: 250 },
        (_, sequence): CommitRecord => ({
          id: `${kind} ${sequence}`,
          sequenceNumber: String(sequence + 1),
          contribution: new Map(),
          writes: [{ type: 'update', ...place, ...change(`n${sequence}`) }],
        }),
      );
      const { applied } = await commitBatch(
        { source: kind, shardId: 'shard', records },
        {
          transactions: createDynamoDbTransactions(clientWith({ endpoint: dynamodb.endpoint })),
          strategy,
          effect: incrementEach({ table: 'Aggregates', key: 'Identifier', attribute: 'Value' }),
          remainingMs: () => timeoutMs,
        },
      );
      expect(applied).toHaveLength(250);
      const command = new GetItemCommand({
        TableName: place.table,
        Key: { ...place.key },
        ConsistentRead: true,
      });
      expect(Object.keys((await dynamodb.client.send(command)).Item ?? {})).toHaveLength(251);
    },
  );

  it('takes a host name that does not resolve for no answer', () => {
    const error = Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' });
    expect(classifyDynamoDbError(error)).toBe('unavailable');
    expect(classifyDynamoDbError(undefined)).toBe('unavailable');
  });
});

function cancelledFor(CancellationReasons: unknown[]): string {
  return JSON.stringify({ ...JSON.parse(errorOf('TransactionCanceledException')), CancellationReasons });
}

function errorOf(name: string, message = 'Said by a test.'): string {
  return JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message });
}

/** @returns the address of a server that gives one answer to everything, until the test is over. */
async function answering(status: number, body: string): Promise<string> {
  const server = createServer((request, response) => {
    request
      .resume()
      .on('end', () =>
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
