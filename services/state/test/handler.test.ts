/**
 * Goal: bad input never stops the shard and never disappears, and a batch that is delivered again changes nothing.
 * Method: the function as it is deployed, put together from environment variables, against a real engine.
 */

import { gzipSync } from 'node:zlib';
import { GetItemCommand, PutItemCommand, paginateScan, ScanCommand } from '@aws-sdk/client-dynamodb';
import { useDynamoDb } from '@oncefold/engines/vitest';
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { aggregateOf } from './support/aggregate.ts';
import { accountKeyOf, kinesisEvent, kinesisRecord, messageOf, STREAM } from './support/stream.ts';
import { createTables } from './support/tables.ts';

const database = useDynamoDb();
const { client } = database;
const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
let handler: (event: KinesisStreamEvent, context: Context) => Promise<KinesisStreamBatchResponse>;

beforeAll(async () => {
  await createTables(client);
  const environment = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: database.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: database.credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
    NAMESPACE: 'test',
    CONSUMER: 'state',
    FORMER_SOURCE: STREAM,
    PARALLELIZATION_FACTOR: '1',
    HIERARCHY_DIMENSIONS: 'RiskType,TradeDesk,Region',
    STATE_TABLE: 'StateTable',
    QUARANTINE_TABLE: 'QuarantineTable',
    ACCOUNTING_TABLE: 'AccountingTable',
    RECOUNT_TABLE: 'RecountTable',
    PARAMETER_TABLE: 'ParameterTable',
    INDUCED_FAILURES: 'true',
    INDUCED_FAILURE_SEED: '1',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  for (const [name, value] of Object.entries(environment)) {
    vi.stubEnv(name, value);
  }
  ({ handler } = await import('../src/handler.ts'));
});

const tradeItem = async (id: string) =>
  (
    await client.send(
      new GetItemCommand({ TableName: 'StateTable', Key: { id: { S: id } }, ConsistentRead: true }),
    )
  ).Item;

async function account(shard: number, source?: string): Promise<Record<string, number>> {
  const Key = { Shard: { S: accountKeyOf(shard, source) } };
  const { Item = {} } = await client.send(new GetItemCommand({ TableName: 'AccountingTable', Key }));
  const { Shard: _shard, SequenceNumber: _position, ...counters } = Item;
  return Object.fromEntries(Object.entries(counters).map(([name, { N }]) => [name, Number(N)]));
}

/** The account of a shard as release 0.1.0 leaves it. */
async function putFormerAccount(shardId: string, position: string, counts: Record<string, number>) {
  const names = ['Applied', 'Duplicate', 'Stale', 'Conflict', 'Quarantined'];
  const counters = names.map((name) => [name, { N: String(counts[name] ?? 0) }]);
  const Item = {
    Shard: { S: `state#${shardId}` },
    SequenceNumber: { S: position },
    ...Object.fromEntries(counters),
  };
  await client.send(new PutItemCommand({ TableName: 'AccountingTable', Item }));
}

async function quarantineOf(shard: number) {
  const items = [];
  for await (const page of paginateScan({ client }, { TableName: 'QuarantineTable', ConsistentRead: true })) {
    items.push(...(page.Items ?? []));
  }
  return items
    .filter((item) => item['Source']?.S?.startsWith(`${accountKeyOf(shard)}:`))
    .map((item) => ({
      source: item['Source']?.S ?? '',
      part: Number(item['Part']?.N),
      reason: item['Reason']?.S,
      detail: item['Detail']?.S,
      payload: Buffer.from(item['Payload']?.B ?? []),
    }))
    .sort((a, b) => (a.source === b.source ? a.part - b.part : a.source < b.source ? -1 : 1));
}

const bigText = 'x'.repeat(1_000_000);
const binary = Uint8Array.from({ length: 5_000 }, (_none, index) => (index * 197) % 256);
const field = (text: string, replacement: string) => messageOf({ id: 'bad' }).replace(text, replacement);

/** What is refused, why, and the field that is named. */
const bad: readonly (readonly [string, string | Uint8Array, string, string])[] = [
  ['broken JSON', '{"TradeID":', 'broken-json', ''],
  ['nothing', '', 'broken-json', ''],
  ['a list', '[]', 'not-an-object', ''],
  ['a missing field', field('"Version":0,', ''), 'missing-field', 'Version'],
  ['a missing dimension', field('"Region":"EMEA",', ''), 'missing-field', 'Hierarchy.Region'],
  ['a version as text', field('"Version":0', '"Version":"0"'), 'wrong-type', 'Version'],
  [
    'a hierarchy as list',
    field('{"RiskType":"PV","Region":"EMEA","TradeDesk":"FXSpot"}', '[]'),
    'wrong-type',
    'Hierarchy',
  ],
  ['a dimension as number', field('"EMEA"', '7'), 'wrong-type', 'Hierarchy.Region'],
  ['NaN', field('61502.37', 'NaN'), 'broken-json', ''],
  ['NaN as text', field('61502.37', '"NaN"'), 'not-a-number', 'Value'],
  ['1e400', field('61502.37', '1e400'), 'out-of-range', 'Value'],
  ['40 digits', field('61502.37', '1'.repeat(40)), 'out-of-range', 'Value'],
  ['13 fraction digits', field('61502.37', '0.0000000000001'), 'out-of-range', 'Value'],
  ['a negative version', field('"Version":0', '"Version":-1'), 'out-of-range', 'Version'],
  ['a separator', field('FXSpot', 'FX:Spot'), 'forbidden-separator', 'Hierarchy.TradeDesk'],
  ['a reserved name', field('"PV"', '"message_count"'), 'reserved-name', 'Hierarchy.RiskType'],
  ['an empty dimension', field('FXSpot', ''), 'empty-text', 'Hierarchy.TradeDesk'],
  ['1 MB of text', bigText, 'broken-json', ''],
  ['1 MB as a desk', field('FXSpot', bigText), 'too-long', 'Hierarchy.TradeDesk'],
  ['binary garbage', binary, 'not-utf-8', ''],
  ['a compressed record', gzipSync(messageOf({ id: 'bad' })), 'not-utf-8', ''],
  ['a broken aggregate', Buffer.from('f3899ac20000', 'hex'), 'broken-aggregate', 'too-short'],
  ['a lone surrogate', field('FXSpot', '\\ud800'), 'malformed-unicode', 'Hierarchy.TradeDesk'],
];

describe('handler', () => {
  it('sums what is valid and quarantines what is not, with its reason and its bytes', async () => {
    const good = [
      messageOf({ id: 'apostrophe', desk: "O'Hara" }),
      messageOf({ id: '__proto__', desk: '__proto__' }),
      messageOf({ id: 'text', value: '"100.50"' }),
    ];
    const inputs = bad.flatMap(([, data], index) => [
      data,
      ...(good[index] === undefined ? [] : [good[index]]),
    ]);
    const event = kinesisEvent(inputs, 0, 1);
    expect(await handler(event, context)).toEqual({ batchItemFailures: [] });

    expect((await tradeItem('apostrophe'))?.['Hierarchy']?.S).toContain("O'Hara");
    expect((await tradeItem('__proto__'))?.['Hierarchy']?.S).toContain('__proto__');
    expect((await tradeItem('text'))?.['Value']?.N).toBe('100.5');
    expect(await tradeItem('bad')).toBeUndefined();
    expect(await account(1)).toEqual({
      Applied: 3,
      Duplicate: 0,
      Stale: 0,
      Conflict: 0,
      Quarantined: bad.length,
    });

    const parts = await quarantineOf(1);
    const sources = [...new Set(parts.map(({ source }) => source))];
    const found = sources.map((source) => {
      const own = parts.filter((part) => part.source === source);
      return {
        reason: own[0]?.reason,
        detail: own[0]?.detail,
        payload: Buffer.concat(own.map((part) => part.payload)),
      };
    });
    expect(found.map(({ reason, detail }) => [reason, detail])).toEqual(
      bad.map(([, , reason, name]) => [reason, name]),
    );
    for (const [index, [, data]] of bad.entries()) {
      expect(found[index]?.payload.equals(Buffer.from(data))).toBe(true);
    }
  });

  it('changes and counts nothing when the batch is delivered again, whole or in other parts', async () => {
    const texts = [
      messageOf({ id: 'again', version: 0 }),
      messageOf({ id: 'again', version: 0 }),
      messageOf({ id: 'again', version: 1, value: '7' }),
      messageOf({ id: 'again', version: 1, value: '8' }),
      messageOf({ id: 'again', version: 0 }),
      'garbage',
    ];
    const expected = { Applied: 2, Duplicate: 1, Stale: 1, Conflict: 1, Quarantined: 1 };
    await handler(kinesisEvent(texts, 0, 2), context);
    expect(await account(2)).toEqual(expected);
    const before = [await tradeItem('again'), await quarantineOf(2)];
    for (const [start, end] of [
      [0, 6],
      [0, 2],
      [2, 6],
      [5, 6],
    ] as const) {
      expect(await handler(kinesisEvent(texts.slice(start, end), start, 2), context)).toEqual({
        batchItemFailures: [],
      });
    }
    expect(await account(2)).toEqual(expected);
    expect([await tradeItem('again'), await quarantineOf(2)]).toEqual(before);
    expect((await quarantineOf(2)).map(({ reason }) => reason)).toEqual(['version-conflict', 'broken-json']);
  });

  it('writes a new trade as a member of the newest recount, and leaves the marks of other trades alone', async () => {
    const marked = async () =>
      Object.fromEntries(
        await Promise.all(
          ['before-recount', 'in-recount'].map(async (id) => [id, (await tradeItem(id))?.['Recount']?.N]),
        ),
      );
    const deliver = (id: string, version: number, sequence: number) =>
      handler(kinesisEvent([messageOf({ id, version })], sequence, 31), context);
    await deliver('before-recount', 0, 1);
    const control = { Identifier: { S: ':control' }, State: { S: 'running' }, Number: { N: '7' } };
    await client.send(new PutItemCommand({ TableName: 'RecountTable', Item: control }));
    await deliver('in-recount', 0, 2);
    await deliver('before-recount', 1, 3);
    await deliver('in-recount', 1, 4);
    expect(await marked()).toEqual({ 'before-recount': undefined, 'in-recount': '7' });
    await client.send(
      new PutItemCommand({ TableName: 'RecountTable', Item: { ...control, State: { S: 'ended' } } }),
    );
    // A change that is handed in again later must tell whether it came before a recount or after.
    await deliver('after-recount', 0, 5);
    expect((await tradeItem('after-recount'))?.['Recount']?.N).toBe('7');
  });

  it('takes each user record of an aggregate by itself', async () => {
    const aggregate = aggregateOf(
      messageOf({ id: 'packed-a' }),
      messageOf({ id: 'packed-a' }),
      '{',
      messageOf({ id: 'packed-b' }),
    );
    const event = kinesisEvent([messageOf({ id: 'plain' }), aggregate], 0, 7);
    for (let delivery = 0; delivery < 2; delivery++) {
      expect(await handler(event, context)).toEqual({ batchItemFailures: [] });
      expect(await account(7)).toEqual({ Applied: 3, Duplicate: 1, Stale: 0, Conflict: 0, Quarantined: 1 });
    }
    const [kept] = await quarantineOf(7);
    expect(kept?.source).toBe(`${accountKeyOf(7)}:${event.Records[1]?.kinesis.sequenceNumber}:2`);
    expect(kept?.payload.toString()).toBe('{');
  });

  it('writes, but does not count, the user records of an aggregate that release 0.1.0 counted as one record', async () => {
    const aggregate = aggregateOf(messageOf({ id: 'unpacked-a' }), messageOf({ id: 'unpacked-b' }));
    const event = kinesisEvent([aggregate, messageOf({ id: 'after' })], 0, 10);
    const position = (event.Records[0]?.kinesis.sequenceNumber ?? '').padStart(129, '0');
    await putFormerAccount('shardId-000000000010', position, { Quarantined: 1 });
    expect(await handler(event, context)).toEqual({ batchItemFailures: [] });
    expect(await account(10)).toMatchObject({ Applied: 1, Quarantined: 1 });
    for (const id of ['unpacked-a', 'unpacked-b']) {
      expect(await tradeItem(id)).toBeDefined();
    }
  });

  it('counts a second stream whose shards and events have equal ids', async () => {
    const other = `${STREAM}2`;
    await handler({ Records: [kinesisRecord(messageOf({ id: 'first' }), 1, 8)] }, context);
    await handler({ Records: [kinesisRecord(messageOf({ id: 'second' }), 1, 8, other)] }, context);
    expect((await account(8))['Applied']).toBe(1);
    expect((await account(8, other))['Applied']).toBe(1);
  });

  it('migrates what release 0.1.0 left for the stream that it has read, and for no other, whichever comes first', async () => {
    const other = `${STREAM}2`;
    const record = kinesisRecord(messageOf({ id: 'twin' }), 5, 9);
    const position = record.kinesis.sequenceNumber.padStart(129, '0');
    await putFormerAccount('shardId-000000000009', position, { Applied: 5 });
    await client.send(
      new PutItemCommand({
        TableName: 'StateTable',
        Item: {
          id: { S: 'twin' },
          Version: { N: '0' },
          Value: { N: '61502.37' },
          Hierarchy: { S: '{"Region":"EMEA","RiskType":"PV","TradeDesk":"FXSpot"}' },
          Timestamp: { N: '1763884800.123456' },
          RecordId: { S: record.eventID },
        },
      }),
    );
    // The same event id, and a lower position than the account of 0.1.0 has.
    const events = [
      { Records: [kinesisRecord(messageOf({ id: 'twin' }), 5, 9, other)] },
      { Records: [record, kinesisRecord(messageOf({ id: 'next' }), 6, 9)] },
    ];
    for (const event of events) {
      expect(await handler(event, context)).toEqual({ batchItemFailures: [] });
    }
    expect(await account(9, other)).toMatchObject({ Applied: 0, Duplicate: 1 });
    expect(await account(9)).toMatchObject({ Applied: 6, Duplicate: 0 });
  });

  it('takes a batch of 1,000 records of two shards', async () => {
    const records = Array.from({ length: 1_000 }, (_none, index) =>
      kinesisRecord(
        messageOf({ id: `large-${index % 900}`, version: index < 900 ? 0 : 1 }),
        index,
        3 + (index % 2),
      ),
    );
    expect(await handler({ Records: records }, context)).toEqual({ batchItemFailures: [] });
    expect((await account(3))['Applied']).toBe(500);
    expect((await account(4))['Applied']).toBe(500);
  });

  it('reports every record as failed when no time is left, and writes nothing', async () => {
    const event = kinesisEvent([messageOf({ id: 'late' })], 0, 5);
    const late = { getRemainingTimeInMillis: () => 0 } as Context;
    expect(await handler(event, late)).toEqual({
      batchItemFailures: [{ itemIdentifier: event.Records[0]?.kinesis.sequenceNumber }],
    });
    expect(await account(5)).toEqual({});
  });

  it('takes an event without records', async () => {
    expect(await handler({ Records: [] }, context)).toEqual({ batchItemFailures: [] });
  });

  it('fails before its writes when failures are induced', async () => {
    const set = (value: string) =>
      client.send(
        new PutItemCommand({
          TableName: 'ParameterTable',
          Item: { parameter: { S: 'FAILURE_STATE_LAMBDA_PCT' }, value: { N: value } },
        }),
      );
    // Percentages are used for a second; the clock of the process is put forward instead of waited for.
    let aheadMs = 0;
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + aheadMs);
    const event = kinesisEvent([messageOf({ id: 'induced' })], 0, 6);
    await set('100');
    aheadMs += 1_000;
    await expect(handler(event, context)).rejects.toMatchObject({ code: 'induced-failure' });
    expect(await tradeItem('induced')).toBeUndefined();
    await set('0');
    aheadMs += 1_000;
    expect(await handler(event, context)).toEqual({ batchItemFailures: [] });
    expect(await account(6)).toMatchObject({ Applied: 1, Duplicate: 0 });
  });
});

describe('compose', () => {
  it('takes an empty endpoint for none, as the template sets it', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', '');
    const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    const empty = new DynamoDBClient({});
    await expect(
      empty.send(new ScanCommand({ TableName: 'x' }), { abortSignal: AbortSignal.abort() }),
    ).rejects.toThrow();
    expect(await empty.config.endpoint?.()).toBeUndefined();
  });
});
