import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { createTables } from '@oncefold/local-runtime/test-support';
import { identityKey } from '@oncefold/request-token';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Ended, runOncefold } from './support/run-oncefold.ts';

const database = useDynamoDb();
const keys = { StateTable: 'id', AggregateTable: 'Identifier', AccountingTable: 'Shard' };

function check(
  words: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const { accessKeyId, secretAccessKey } = database.credentials;
  return runOncefold(['check', '--wait', '0', '--dynamodb-endpoint', database.endpoint, ...words], {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...environment,
  });
}

function trade(
  id: string,
  value: string,
  options: { region?: string; record?: string; dimensions?: readonly string[] } = {},
): Item {
  const hierarchy = { Region: options.region ?? 'EMEA', RiskType: 'PV', TradeDesk: 'FXSpot' };
  return {
    id: { S: id },
    Version: { N: '0' },
    Value: { N: value },
    Hierarchy: { S: JSON.stringify(hierarchy) },
    Timestamp: { N: '1763884800.123456' },
    ...(options.record !== undefined && { RecordId: { S: options.record } }),
    ...(options.dimensions !== undefined && { Dimensions: { S: JSON.stringify(options.dimensions) } }),
  };
}

type Item = Record<string, AttributeValue>;

async function put(client: DynamoDBClient, table: string, items: readonly Item[]): Promise<void> {
  for (let start = 0; start < items.length; start += 25) {
    const requests = items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  }
}

function putSums(sums: Readonly<Record<string, string>>): Promise<void> {
  const items = Object.entries(sums).map(([key, sum]) => ({ Identifier: { S: key }, Value: { N: sum } }));
  return put(database.client, 'AggregateTable', items);
}

function putAccount(applied: number): Promise<void> {
  return put(database.client, 'AccountingTable', [
    { Shard: { S: 'state#shardId-0' }, Applied: { N: String(applied) } },
  ]);
}

async function createTable(
  name: string,
  keys: readonly (readonly [string, 'S' | 'N'])[],
  hasStream = false,
): Promise<void> {
  await database.client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
      KeySchema: keys.map(([AttributeName], index) => ({
        AttributeName,
        KeyType: index === 0 ? ('HASH' as const) : ('RANGE' as const),
      })),
      ...(hasStream && {
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' as const },
      }),
    }),
  );
}

/** The tables by which it is known which rows of sums are applied. */
async function createRowTables(): Promise<void> {
  await createTable('ReduceTable', [['MessageId', 'S']], true);
  await createTable('LedgerTable', [['Marker', 'S']]);
}

describe('oncefold check', () => {
  beforeEach(async () => {
    for (const table of [...Object.keys(keys), 'ReduceTable', 'LedgerTable', 'QuarantineTable']) {
      await database.client.send(new DeleteTableCommand({ TableName: table })).catch(() => {});
    }
    await createTables(database.client, keys);
  });

  it('says 0 when every sum is what the trades add up to, to the last digit', async () => {
    await put(database.client, 'StateTable', [
      trade('a', '61502.37', { record: 'r1' }),
      trade('b', '0.000000000001', { record: 'r2' }),
      trade('c', '-2', { region: "Land's End", record: 'r3' }),
    ]);
    await putSums({
      PV: '61500.370000000001',
      'PV:FXSpot': '61500.370000000001',
      'PV:FXSpot:EMEA': '61502.370000000001',
      "PV:FXSpot:Land's End": '-2',
      message_count: '5',
    });
    await putAccount(5);
    const { status, stdout } = await check(['--json']);
    expect(JSON.parse(stdout)).toEqual({
      verdict: 'exact',
      exact: true,
      looks: 1,
      tradeCount: 3,
      noTradeCount: 0,
      aggregateCount: 4,
      foreign: [],
      differences: [],
      messageCount: {
        comparable: true,
        mayBeMiscounted: false,
        key: 'message_count',
        expected: '5',
        actual: '5',
        difference: '0',
      },
      givenUp: { code: 'not-looked-for' },
    });
    expect(status).toBe(0);
    expect((await check()).stdout).toMatch(
      /^exact: .*; batches that were given up were not looked for: name --stack, --bucket or --failed-batches\n$/,
    );
  });

  it('says 3 where sums are equal but for batches that were given up, until they are redriven', async () => {
    await put(database.client, 'StateTable', [trade('a', '1', { record: 'r1' })]);
    await putSums({ PV: '1', 'PV:FXSpot': '1', 'PV:FXSpot:EMEA': '1', message_count: '1' });
    await putAccount(1);
    const folder = mkdtempSync(join(tmpdir(), 'given-up-'));
    const keep = (key: string): void => {
      mkdirSync(join(folder, dirname(key)), { recursive: true });
      writeFileSync(join(folder, key), '{}');
    };
    const look = (...words: string[]) => check(['--failed-batches', folder, ...words]);
    expect(await look()).toMatchObject({
      status: 0,
      stdout: 'exact: 4 aggregates recomputed from 1 trade, no difference\n',
    });
    const key = 'aws/lambda/mapping/shard/2025/11/23/a';
    keep(key);
    const json = await look('--json');
    expect(json.status).toBe(3);
    expect(JSON.parse(json.stdout)).toMatchObject({
      verdict: 'undecided',
      exact: false,
      differences: [],
      givenUp: {
        code: 'found',
        count: 1,
        first: [{ id: expect.stringMatching(/^b[0-9a-f]{10}$/), key }],
        command: `npm run oncefold -- redrive --failed-batches ${folder}`,
      },
    });
    expect((await look()).stdout).toContain(
      `exact but for 1 batch that was given up: \`npm run oncefold -- redrive --failed-batches ${folder}\``,
    );
    keep(`oncefold/redriven/${key}.json`);
    expect(await look()).toMatchObject({ status: 0 });

    // A difference stays one, and what was given up may be why.
    keep(`${key}2`);
    await putSums({ PV: '2' });
    expect(await look()).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('1 batch was given up and not redriven'),
    });
    rmSync(folder, { recursive: true });
    expect(await look()).toMatchObject({ status: 2, stderr: expect.stringContaining('no such folder') });
  });

  it('says 3 where the bucket of batches that were given up cannot be listed', async () => {
    await put(database.client, 'StateTable', [trade('a', '0', { record: 'r1' })]);
    await putSums({ message_count: '1' });
    await putAccount(1);
    const denied =
      '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>not authorized to perform: s3:ListBucket</Message></Error>';
    const server = createServer((_, response) => void response.writeHead(403).end(denied));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const { status, stdout } = await check(['--bucket', 'failed'], {
        AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      });
      expect(stdout).toMatch(/^exact but for batches that may have been given up \(.*s3:ListBucket\); /);
      expect(status).toBe(3);
    } finally {
      server.close();
    }
  });

  it('says 1 and names the keys when a sum is off by the smallest unit', async () => {
    await put(database.client, 'StateTable', [trade('a', '1.5', { record: 'r1' })]);
    await putSums({ PV: '1.500000000001', 'PV:FXSpot': '1.5', 'PV:FXSpot:EMEA': '1.5', message_count: '1' });
    await putAccount(1);
    const json = await check(['--json']);
    expect(json.status).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      differences: [{ key: 'PV', expected: '1.5', actual: '1.500000000001', difference: '0.000000000001' }],
    });
    const text = await check();
    expect(text.status).toBe(1);
    expect(text.stdout).toContain('1.500000000001');
    expect(text.stdout).not.toContain('PV:FXSpot');
    // An output that is no terminal gets no colours.
    expect(text.stdout).not.toContain('\u001b');
  });

  it('adds up each trade by the dimensions that it was added by, after they have been changed', async () => {
    await put(database.client, 'StateTable', [
      trade('a', '1', { record: 'r1', dimensions: ['RiskType', 'Region'] }),
      trade('b', '10', { record: 'r2', dimensions: ['RiskType', 'TradeDesk'] }),
      trade('c', '100', { record: 'r3' }),
    ]);
    await putSums({
      PV: '111',
      'PV:EMEA': '1',
      'PV:FXSpot': '110',
      'PV:FXSpot:EMEA': '100',
      message_count: '3',
    });
    await putAccount(3);
    const { status, stdout } = await check(['--json']);
    expect(JSON.parse(stdout)).toMatchObject({ exact: true, differences: [] });
    expect(status).toBe(0);
  });

  it('takes a missing row for zero, and a row of zero for a missing one', async () => {
    await put(database.client, 'StateTable', [trade('a', '0', { record: 'r1' })]);
    await putSums({ 'Delta:Gone': '0', message_count: '1' });
    await putAccount(1);
    expect(await check()).toMatchObject({ status: 0 });
  });

  it('reports rows that no trade accounts for, where they are nodes', async () => {
    await put(database.client, 'StateTable', [trade('a', '0', { record: 'r1' })]);
    await putSums({ 'PV:Forged': '7', Gone: '2', 'Gone:Desk': '2', message_count: '1' });
    await putAccount(1);
    const { status, stdout } = await check(['--json']);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      foreign: [],
      differences: [
        { key: 'Gone', expected: '0', actual: '2', state: 'different' },
        { key: 'Gone:Desk', expected: '0', actual: '2', state: 'different' },
        { key: 'PV:Forged', expected: '0', actual: '7', state: 'different' },
      ],
    });
  });

  it('lists rows of other programs, and does not take them for wrong sums', async () => {
    await put(database.client, 'StateTable', [trade('a', '0', { record: 'r1' })]);
    await putSums({ heartbeat: '7', message_count: '1' });
    await put(database.client, 'AggregateTable', [
      { Identifier: { S: 'config\u001b[31m' }, Value: { S: 'on' } },
    ]);
    await putAccount(1);
    const json = await check(['--json']);
    expect(json.status).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({
      exact: true,
      foreign: ['heartbeat', 'config\u001b[31m'],
      differences: [],
    });
    const text = await check();
    expect(text.stdout).toContain("2 rows of the aggregate table were taken for another program's");
    expect(text.stdout).toMatch(/^exact: .*, no difference, in all but 2 rows named above/m);
    expect(text.stdout).not.toContain('\u001b');
  });

  it('checks a node with everything below it', async () => {
    await put(database.client, 'StateTable', [trade('a', '1', { record: 'r1' })]);
    await putSums({ PV: '7', 'PV:FXSpot': '1', 'PV:FXSpot:EMEA': '1' });
    expect(await check(['--path', 'PV:FXSpot'])).toMatchObject({ status: 0 });
    expect(await check(['--path', 'PV'])).toMatchObject({ status: 1 });
    expect(await check(['--path', 'NOPE'])).toMatchObject({
      status: 2,
      stderr: 'oncefold: there is no node NOPE, and nothing below it\n',
    });
  });

  it('reports a message count that is not what the state function says it applied', async () => {
    await put(database.client, 'StateTable', [trade('a', '0', { record: 'r1' })]);
    await putSums({ message_count: '2' });
    await putAccount(1);
    const { status, stdout } = await check(['--json']);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      messageCount: { expected: '1', actual: '2', difference: '1' },
    });
  });

  it('does not judge the message count when others wrote trades, or nobody kept the account', async () => {
    await put(database.client, 'StateTable', [trade('a', '0')]);
    await putSums({ message_count: '9' });
    const foreign = await check(['--json']);
    expect(foreign.status).toBe(0);
    expect(JSON.parse(foreign.stdout)).toMatchObject({ messageCount: { comparable: false, actual: '9' } });

    await database.client.send(new DeleteItemCommand({ TableName: 'StateTable', Key: { id: { S: 'a' } } }));
    await database.client.send(new DeleteTableCommand({ TableName: 'AccountingTable' }));
    const unaccounted = await check();
    expect(unaccounted.status).toBe(0);
    expect(unaccounted.stdout).toContain('not comparable: there is no table AccountingTable');
  });

  it('reads tables of more than one page', async () => {
    const padding = 'x'.repeat(240);
    const trades = Array.from({ length: 6_000 }, (_, index) =>
      trade(`${padding}${index}`, '0.1', { region: `Region ${index % 1_200}`, record: `r${index}` }),
    );
    await put(database.client, 'StateTable', trades);
    const leaves = Array.from({ length: 1_200 }, (_, index) => [`PV:FXSpot:Region ${index}`, '0.5'] as const);
    await putSums({ PV: '600', 'PV:FXSpot': '600', ...Object.fromEntries(leaves), message_count: '6000' });
    await putAccount(6_000);
    const { status, stdout } = await check(['--json']);
    expect(JSON.parse(stdout)).toMatchObject({ exact: true, tradeCount: 6_000, aggregateCount: 1_202 });
    expect(status).toBe(0);
  });

  it('rolls up the dimensions that it is given, by option or by variable', async () => {
    await put(database.client, 'StateTable', [trade('a', '3', { record: 'r1' })]);
    await putSums({ EMEA: '3', 'EMEA:PV': '3', message_count: '1' });
    await putAccount(1);
    expect(await check()).toMatchObject({ status: 1 });
    expect(await check(['--unrecorded-hierarchy-dimensions', 'Region,RiskType'])).toMatchObject({
      status: 0,
    });
    expect(await check([], { HIERARCHY_DIMENSIONS: 'Region,RiskType' })).toMatchObject({ status: 0 });
    const changed = { HIERARCHY_DIMENSIONS: 'RiskType', UNRECORDED_HIERARCHY_DIMENSIONS: 'Region,RiskType' };
    expect(await check([], changed)).toMatchObject({ status: 0 });
  });

  it('counts nothing for an item that is no trade, as the map function does, and says so', async () => {
    await database.client.send(
      new PutItemCommand({
        TableName: 'StateTable',
        Item: { id: { S: 'odd\u001b[31m one' }, Version: { N: '0' } },
      }),
    );
    await put(database.client, 'StateTable', [trade('a', '1', { record: 'r1' })]);
    await putSums({ PV: '1', 'PV:FXSpot': '1', 'PV:FXSpot:EMEA': '1', message_count: '1' });
    await putAccount(1);
    const { status, stdout } = await check();
    expect(status).toBe(0);
    expect(stdout).toContain('1 item of the state table is no trade and adds nothing; the first is "odd');
    expect(stdout).toContain('missing-field');
    expect(stdout).not.toContain('\u001b');
    expect(JSON.parse((await check(['--json'])).stdout)).toMatchObject({ exact: true, noTradeCount: 1 });
  });

  it('does not decide while a row of sums is not applied, and names --live', async () => {
    await createRowTables();
    await put(database.client, 'StateTable', [trade('a', '1', { record: 'r1' })]);
    await putAccount(1);
    const now = Math.floor(Date.now() / 1000);
    await put(database.client, 'ReduceTable', [
      { MessageId: { S: 'row' }, Message: { S: '{"PV":"1"}' }, ExpiresAt: { N: String(now + 691_200) } },
      { MessageId: { S: 'applied' }, Message: { S: '{}' }, ExpiresAt: { N: String(now + 691_200) } },
    ]);
    // As long as the ledger knows no row, the reduce stage may have another strategy.
    expect(await check()).toMatchObject({ status: 1, stdout: expect.stringContaining('another strategy') });
    const { Table } = await database.client.send(new DescribeTableCommand({ TableName: 'ReduceTable' }));
    const label = Table?.LatestStreamArn?.split('/').at(-1) ?? '';
    const source = `arn:aws:dynamodb:us-east-1:000000000000:table/ReduceTable/stream/${label}`;
    const marker = identityKey({ namespace: 'oncefold', consumer: 'reduce', source, id: 'applied' });
    await put(database.client, 'LedgerTable', [{ Marker: { S: marker } }]);
    const json = await check(['--json']);
    expect(json.status).toBe(3);
    expect(JSON.parse(json.stdout)).toMatchObject({
      verdict: 'undecided',
      exact: false,
      evidence: { unappliedRows: { code: 'found', inFlight: 1, lost: 0, first: ['row'] } },
    });
    const text = await check();
    expect(text.stdout).toContain('1 row of sums is not applied yet');
    expect(text.stdout).toMatch(/NOT YET: .*--live/);
  });

  it('tells which trades may be why: quarantined changes, and trades that are worth the difference', async () => {
    await createRowTables();
    await createTable('QuarantineTable', [
      ['Source', 'S'],
      ['Part', 'N'],
    ]);
    await put(database.client, 'StateTable', [
      trade('lost', '5', { record: 'r1' }),
      trade('twice', '7', { region: 'APAC', record: 'r2' }),
      trade('right', '100', { record: 'r3' }),
    ]);
    await putAccount(3);
    await putSums({
      PV: '114',
      'PV:FXSpot': '114',
      'PV:FXSpot:EMEA': '100',
      'PV:FXSpot:APAC': '14',
      message_count: '3',
    });
    const change = { eventID: 'e1', dynamodb: { Keys: { id: { S: 'odd' } } } };
    await put(database.client, 'QuarantineTable', [
      {
        Source: { S: 'v2#oncefold#map#arn#e1' },
        Part: { N: '0' },
        Consumer: { S: 'map' },
        RecordId: { S: 'e1' },
        Reason: { S: 'missing-field' },
        Detail: { S: 'Value' },
        Payload: { B: new TextEncoder().encode(JSON.stringify(change)) },
      },
    ]);
    const { status, stdout } = await check(['--json']);
    expect(status).toBe(1);
    expect(JSON.parse(stdout).evidence).toEqual({
      unappliedRows: { code: 'found', inFlight: 0, lost: 0, first: [] },
      quarantined: {
        count: 1,
        first: [{ consumer: 'map', recordId: 'e1', reason: 'missing-field', detail: 'Value', itemId: 'odd' }],
      },
      candidates: expect.arrayContaining([
        expect.objectContaining({ tradeId: 'lost', suspicion: 'lost', keys: ['PV:FXSpot:EMEA'] }),
        expect.objectContaining({ tradeId: 'twice', suspicion: 'counted twice', keys: ['PV:FXSpot:APAC'] }),
      ]),
    });
    const text = await check();
    expect(text.stdout).toContain('map: odd, missing-field Value');
    expect(text.stdout).toContain('twice version 0, 7: counted twice?');
  });

  it('says 2 and names a sum that is no number', async () => {
    await put(database.client, 'StateTable', [trade('a', '1', { record: 'r1' })]);
    await put(database.client, 'AggregateTable', [{ Identifier: { S: 'PV' }, Value: { S: 'much' } }]);
    const { status, stderr } = await check();
    expect(status).toBe(2);
    expect(stderr).toContain('AggregateTable holds an item that cannot be read, "PV": Value is not a number');
  });

  it('says 2 and names the table that is missing', async () => {
    await database.client.send(new DeleteTableCommand({ TableName: 'AggregateTable' }));
    const { status, stderr } = await check();
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^oncefold: there is no table AggregateTable at http:\S+; local tables belong to an access key[^\n]*\n$/,
    );
  });

  it('says 2 in one line when nothing answers there', async () => {
    const { status, stderr } = await check(['--dynamodb-endpoint', 'http://127.0.0.1:1']);
    expect(status).toBe(2);
    expect(stderr).toBe(
      'oncefold: could not read the tables: nothing answers at http://127.0.0.1:1 (connection refused)\n',
    );
  });

  it('says 2 in one line when what answers there is not DynamoDB', async () => {
    const server = createServer((_, response) => void response.end('<html></html>')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const { status, stderr } = await check(['--dynamodb-endpoint', `http://127.0.0.1:${port}`]);
      expect(status).toBe(2);
      expect(stderr).toBe(
        `oncefold: could not read the tables: what answers at http://127.0.0.1:${port} is not DynamoDB\n`,
      );
    } finally {
      server.close();
    }
  });

  it('says so of what answers every request of redrive with an empty object, too', async () => {
    const server = createServer((_, response) => void response.end('{}'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const { accessKeyId, secretAccessKey } = database.credentials;
    try {
      const { status, stderr } = await runOncefold(
        ['redrive', '--dynamodb-endpoint', `http://127.0.0.1:${port}`],
        { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
      );
      expect(status).toBe(2);
      expect(stderr).toBe(
        `oncefold: could not redrive: what answers at http://127.0.0.1:${port} is not DynamoDB\n`,
      );
    } finally {
      server.close();
    }
  });

  it('says 2 and what to export when there are no credentials for a local engine', async () => {
    const { status, stderr } = await runOncefold(['check', '--dynamodb-endpoint', database.endpoint], {
      HOME: '/nowhere',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^oncefold: [^\n]*export AWS_ACCESS_KEY_ID [^\n]* `npm run oncefold -- up` prints them\n$/,
    );
  });

  it('says 2 in one line when half of the credentials is missing', async () => {
    const { status, stderr } = await check(['--access-key-id', 'KEY']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^oncefold: --access-key-id and --secret-access-key belong together.*\n$/);
  });
});
