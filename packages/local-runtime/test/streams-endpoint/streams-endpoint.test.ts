// Goal: an ARN that a function meets can be used with DynamoDB Streams, whatever the engine calls its streams.
// Method: the SDK asks the real engines through the endpoint; a server of our own stands in only for what no engine does.
import { createServer, type RequestListener } from 'node:http';
import { CreateTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { createLocalClients, freshCredentials, startDynamoDb } from '@oncefold/engines';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLoopbackServer } from '../../src/http/loopback-server.ts';
import { startStreamsEndpoint } from '../../src/streams-endpoint/streams-endpoint.ts';

const APPLICATION = { region: 'eu-central-1', accountId: '123456789012' };
const TABLE_ARN = 'arn:aws:dynamodb:eu-central-1:123456789012:table/Orders';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) {
    await end();
  }
});

async function clientsOf(engine: string): Promise<ReturnType<typeof createLocalClients>> {
  const endpoint = await startStreamsEndpoint({ engine, ...APPLICATION });
  const credentials = freshCredentials();
  const options = { kinesisEndpoint: engine, credentials };
  const direct = createLocalClients({ ...options, dynamodbEndpoint: engine });
  const through = createLocalClients({ ...options, dynamodbEndpoint: endpoint.endpoint });
  ends.push(
    () => endpoint.close(),
    ...[direct, through].flatMap(Object.values).map((client) => () => client.destroy()),
  );
  return { ...direct, dynamodbStreams: through.dynamodbStreams };
}

describe.each(['dynamodb-local', 'dynoxide'] as const)('startStreamsEndpoint before %s', (name) => {
  let clients: ReturnType<typeof createLocalClients>;
  let streams: DynamoDBStreamsClient;
  /** As the engine has it. */
  let engineArn: string;
  /** As functions see it. */
  let streamArn: string;

  beforeEach(async () => {
    const engine = await startDynamoDb({ engine: name });
    ends.push(() => engine.stop());
    clients = await clientsOf(engine.endpoint);
    streams = clients.dynamodbStreams;
    const { TableDescription } = await clients.dynamodb.send(
      new CreateTableCommand({
        TableName: 'Orders',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      }),
    );
    engineArn = TableDescription?.LatestStreamArn ?? '';
    streamArn = engineArn.replace(/^.*:table\/Orders/, TABLE_ARN);
  });

  it('finds a stream by the ARN that functions see and by that of the engine', async () => {
    for (const StreamArn of [streamArn, engineArn]) {
      const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
      expect(StreamDescription).toMatchObject({ StreamArn: streamArn, TableName: 'Orders' });
    }
  });

  it('reads the records of a stream, whose items stay as they are', async () => {
    const item = { id: { S: engineArn }, other: { S: streamArn } };
    await clients.dynamodb.send(new PutItemCommand({ TableName: 'Orders', Item: item }));
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn: streamArn }));
    const { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({
        StreamArn: streamArn,
        ShardId: StreamDescription?.Shards?.[0]?.ShardId,
        ShardIteratorType: 'TRIM_HORIZON',
      }),
    );
    const { Records } = await streams.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records?.map(({ dynamodb }) => dynamodb?.NewImage)).toEqual([item]);
  });

  it('lists streams under the ARN that functions see, also from a later page on', async () => {
    const { Streams } = await streams.send(new ListStreamsCommand({ TableName: 'Orders' }));
    expect(Streams?.map(({ StreamArn }) => StreamArn)).toEqual([streamArn]);
    const after = await streams.send(new ListStreamsCommand({ ExclusiveStartStreamArn: streamArn }));
    expect(after.Streams).toEqual([]);
  });

  it('does not find the stream of another account', async () => {
    const other = streamArn.replace('123456789012', '210987654321').replace('Orders', 'Missing');
    await expect(streams.send(new DescribeStreamCommand({ StreamArn: other }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: expect.not.stringMatching(/ddblocal|dynoxide/),
    });
  });
});

describe('startStreamsEndpoint', () => {
  async function endpointBefore(listener: RequestListener): Promise<string> {
    const engine = await startLoopbackServer(listener);
    const endpoint = await startStreamsEndpoint({ engine: `${engine.endpoint}/base`, ...APPLICATION });
    ends.push(
      () => engine.close(),
      () => endpoint.close(),
    );
    return endpoint.endpoint;
  }

  it('passes every other request on as it is', async () => {
    const seen: unknown[] = [];
    const endpoint = await endpointBefore(async (request, response) => {
      const body = Buffer.concat(await request.toArray());
      seen.push([request.method, request.url, request.headers['x-own'], body.toString('hex')]);
      response.writeHead(418, { 'x-answer': 'own', 'content-type': 'application/octet-stream' });
      response.end(body);
    });
    const body = Buffer.from([0, 255, 128, ...Buffer.from(`"${TABLE_ARN}"`)]);
    const answer = await fetch(`${endpoint}/some/path?query=1`, {
      method: 'PUT',
      headers: { 'x-own': 'value' },
      body,
    });
    expect(seen).toEqual([['PUT', '/base/some/path?query=1', 'value', body.toString('hex')]]);
    expect([answer.status, answer.headers.get('x-answer')]).toEqual([418, 'own']);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(body);
  });

  it('gives a request up when its client does', async () => {
    const arrived = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    const endpoint = await endpointBefore((_, response) => {
      response.on('close', () => left.resolve());
      arrived.resolve();
    });
    const client = new AbortController();
    const answer = fetch(endpoint, { signal: client.signal });
    await arrived.promise;
    client.abort();
    await expect(answer).rejects.toThrow('aborted');
    await left.promise;
  });

  it('answers with an error that SDKs retry while the engine cannot be reached', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    const { port } = await new Promise<{ port: number }>((fulfil) => {
      gone.on('listening', () => fulfil(gone.address() as { port: number }));
    });
    await new Promise((fulfil) => gone.close(fulfil));
    const { dynamodbStreams } = await clientsOf(`http://127.0.0.1:${port}`);
    await expect(dynamodbStreams.send(new ListStreamsCommand({}))).rejects.toMatchObject({
      name: 'InternalServerError',
      message: expect.stringContaining('ECONNREFUSED'),
      $retryable: {},
    });
  });

  it('refuses a body that is longer than any request', async () => {
    const endpoint = await endpointBefore((_, response) => response.end());
    const body = Buffer.alloc(17 * 1024 * 1024);
    expect((await fetch(endpoint, { method: 'POST', body })).status).toBe(413);
  });
});
