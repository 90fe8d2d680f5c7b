import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { identityKey } from '@oncefold/request-token';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LossyProxy, startLossyProxy } from './support/lossy-proxy.ts';
import {
  context,
  createTables,
  type Handler,
  insert,
  itemsOf,
  modify,
  SHARD_ID,
  SOURCE,
  startHandler,
  sumsOf,
  trade,
  windowed,
} from './support/map-stage.ts';

/** How an event's records are numbered, from the first to the last. */
const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('map handler on DynamoDB', () => {
  const dynamodb = useDynamoDb();
  let handler: Handler;
  beforeAll(async () => {
    await createTables(dynamodb.client);
    handler = await startHandler(accessTo(dynamodb));
  });
  const rows = () => itemsOf(dynamodb.client, 'REDUCE_TABLE');

  it('writes one row of sums per batch, once, in whatever cut the records are redelivered', async () => {
    const [first, second, third] = range(1, 3).map((sequence) => insert(sequence, trade({ value: '0.1' })));
    if (first === undefined || second === undefined || third === undefined) {
      throw new Error('three changes');
    }
    expect(await handler(windowed([first, second]), context)).toMatchObject({ state: {} });
    await handler(windowed([first, second]), context);
    await handler(windowed([first]), context);
    await handler(windowed([second, third]), context);
    const written = await rows();
    const shard = identityKey({ namespace: 'test', consumer: 'map', source: SOURCE, id: SHARD_ID });
    expect(new Set(written.map((row) => row['MessageId']?.S)).size).toBe(2);
    expect(written.every((row) => row['MessageId']?.S?.startsWith(`${shard}#`))).toBe(true);
    expect(written.map((row) => JSON.parse(row['Message']?.S ?? '')['PV']).sort()).toEqual(['0.1', '0.2']);
    // From now on, not from records that may have waited.
    expect(written.every((row) => Number(row['ExpiresAt']?.N) > Date.now() / 1000)).toBe(true);
  });

  it('cuts a batch of 300 nodes into rows of at most 80, each of them parent = sum of children', async () => {
    const before = (await rows()).length;
    const changes = range(100, 399).map((sequence) =>
      insert(sequence, trade({ value: '1', region: `R${sequence}` })),
    );
    await handler(windowed(changes), context);
    const messages = (await rows())
      .map((row): Record<string, string> => JSON.parse(row['Message']?.S ?? ''))
      .filter((message) => Object.keys(message).some((node) => /:R\d+$/.test(node)));
    expect((await rows()).length - before).toBe(messages.length);
    expect(messages.length).toBeGreaterThanOrEqual(4);
    for (const message of messages) {
      const leaves = Object.keys(message).filter((node) => node.split(':').length === 3);
      expect(Object.keys(message).length).toBeLessThanOrEqual(80);
      expect(message['PV']).toBe(String(leaves.length));
      expect(message['PV:FXSpot']).toBe(String(leaves.length));
      expect(message['message_count']).toBe(String(leaves.length));
    }
    expect(messages.reduce((sum, message) => sum + Number(message['message_count']), 0)).toBe(300);
  });

  it('quarantines a change that is no trade, in the same commit', async () => {
    await handler(windowed([insert(900, trade({ value: '1', region: 'a:b' }))]), context);
    expect(await itemsOf(dynamodb.client, 'QUARANTINE_TABLE')).toMatchObject([
      {
        Source: { S: identityKey({ namespace: 'test', consumer: 'map', source: SOURCE, id: 'event-900' }) },
        Reason: { S: 'forbidden-separator' },
      },
    ]);
  });

  it('refuses a batch without a shard id, because a position belongs to a shard', async () => {
    const { Records } = windowed([insert(999, trade({ value: '1' }))]);
    await expect(handler({ Records }, context)).rejects.toThrow(/tumbling window/);
  });
});

describe('map handler with induced failures', () => {
  const dynamodb = useDynamoDb();
  beforeAll(() => createTables(dynamodb.client));

  it('fails after its commit, so that a redelivery finds the records applied', async () => {
    await dynamodb.client.send(
      new PutItemCommand({
        TableName: 'PARAMETER_TABLE',
        Item: { parameter: { S: 'FAILURE_MAP_LAMBDA_PCT' }, value: { N: '100' } },
      }),
    );
    const handler = await startHandler({ ...accessTo(dynamodb), INDUCED_FAILURES: 'true' });
    const event = windowed([insert(1, trade({ value: '7' }))]);
    await expect(handler(event, context)).rejects.toMatchObject({ code: 'induced-failure' });
    await expect(handler(event, context)).rejects.toMatchObject({ code: 'induced-failure' });
    expect(await sumsOf(dynamodb.client)).toMatchObject({ PV: '7', message_count: '1' });
  });
});

describe('map handler with items that JSON multiplies', () => {
  const dynamodb = useDynamoDb();
  const noTrade = trade({ value: '1', desk: '' });
  const controlCharacters = { ...noTrade, Note: { S: '\u0001'.repeat(395_000) } };
  const numbers = {
    ...noTrade,
    Notes: { L: Array.from({ length: 130_000 }, (_, index) => ({ N: String(index % 10) })) },
  };
  /** Two puts of each, so that the second one brings both images; a batch holds 6 MB at most. */
  const batches = [
    [insert(1, controlCharacters)],
    [modify(2, { before: controlCharacters, after: { ...controlCharacters, Again: { BOOL: true } } })],
    [insert(3, numbers), modify(4, { before: numbers, after: { ...numbers, Again: { BOOL: true } } })],
    [insert(5, trade({ value: '7' }))],
  ];

  beforeAll(() => createTables(dynamodb.client));

  it('sums the trade behind them, and quarantines their bytes whole and once, redelivered too', async () => {
    const handler = await startHandler(accessTo(dynamodb));
    for (const batch of batches) {
      await handler(windowed(batch), context);
    }
    const quarantined = await itemsOf(dynamodb.client, 'QUARANTINE_TABLE');
    for (const batch of batches) {
      await handler(windowed(batch), context);
    }
    await handler(windowed(batches.flat().slice(2)), context);
    expect(await itemsOf(dynamodb.client, 'QUARANTINE_TABLE')).toHaveLength(quarantined.length);
    expect(await sumsOf(dynamodb.client)).toEqual({
      PV: '7',
      'PV:FXSpot': '7',
      'PV:FXSpot:EMEA': '7',
      message_count: '1',
    });
    for (const record of batches.flat().slice(0, 4)) {
      const Source = identityKey({
        namespace: 'test',
        consumer: 'map',
        source: SOURCE,
        id: record.eventID ?? '',
      });
      const parts = quarantined
        .filter((item) => item['Source']?.S === Source)
        .sort((a, b) => Number(a['Part']?.N) - Number(b['Part']?.N));
      expect(parts[0]).toMatchObject({ Reason: { S: 'empty-text' }, Parts: { N: String(parts.length) } });
      const payload = Buffer.concat(parts.map((part) => part['Payload']?.B ?? new Uint8Array()));
      expect(payload.equals(Buffer.from(JSON.stringify(record.dynamodb)))).toBe(true);
    }
  });
});

describe('map handler in two processes that share a shard', () => {
  const dynamodb = useDynamoDb();
  const change = (sequence: number) =>
    insert(sequence, trade({ value: String(sequence), desk: `Desk${sequence % 60}` }));
  let proxy: LossyProxy;

  beforeAll(async () => {
    await createTables(dynamodb.client);
    proxy = await startLossyProxy(dynamodb.endpoint);
  });
  afterAll(() => proxy.close());

  it('counts 200 changes of 60 desks once, although another process was ahead and its answer was lost', async () => {
    const first = await startHandler(accessTo(dynamodb));
    const second = await startHandler({ ...accessTo(dynamodb), AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint });
    expect(second).not.toBe(first);
    await first(windowed(range(1, 5).map(change)), context);
    // 50 changes need two rows of sums; the answer to the second is lost, and so is what the process tells the mapping.
    proxy.loseAnswer({ afterTransactions: 1 });
    await second(windowed(range(6, 55).map(change)), context);
    expect(proxy.lost()).toBe(1);
    await first(windowed(range(6, 200).map(change)), context);
    const sums = await sumsOf(dynamodb.client);
    expect(sums).toMatchObject({ message_count: '200', PV: '20100' });
    const desks = Object.keys(sums).filter((node) => /^PV:Desk\d+$/.test(node));
    expect(desks).toHaveLength(60);
    for (const desk of desks) {
      expect(sums[desk]).toBe(sums[`${desk}:EMEA`]);
    }
  });
});

function accessTo({ endpoint, credentials }: ReturnType<typeof useDynamoDb>): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}
