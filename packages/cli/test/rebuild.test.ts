import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { createLocalDynamoDb } from '@oncefold/engines';
import { sealMarksOf } from '@oncefold/operations/recount';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Producer, type Ready } from './support/outside-producer.ts';
import { type Ended, type Oncefold, startOncefold } from './support/run-oncefold.ts';

/** A pipeline that runs, and what the tests do to it. */
interface Running {
  readonly process: Oncefold;
  readonly producer: Producer;
  readonly client: DynamoDBClient;
  readonly ready: Ready;
  /** Messages that were sent. */
  sent: number;
}

const DESKS = ['FXSpot', 'Bonds', 'Swaps'];
const REGIONS = ['EMEA', 'APAC'];
const RETENTION_SECONDS = 691_200;

async function up(...words: string[]): Promise<Running> {
  // Waiting for full batches would only make the tests longer.
  const windows = ['MapBatchingWindowSeconds=0', 'ReduceBatchingWindowSeconds=0'];
  const overrides = windows.flatMap((window) => ['--parameter-overrides', window]);
  const process = startOncefold(['up', '--json', ...overrides, ...words]);
  const line = await process.line(() => true);
  const ready: Ready = JSON.parse(line);
  const { accessKeyId, secretAccessKey } = ready;
  const client = createLocalDynamoDb({
    endpoint: ready.dynamodb,
    credentials: { accessKeyId, secretAccessKey },
  });
  return { process, producer: connect(line), client, ready, sent: 0 };
}

async function down({ process, producer, client }: Running): Promise<void> {
  producer.close();
  client.destroy();
  process.process.kill('SIGTERM');
  await process.ended;
}

/** Nobody can be asked here, so it says yes. */
function start(pipeline: Running, ...words: string[]): Oncefold {
  const asks = words[0] === 'rebuild' || words.includes('--live');
  return startAsGiven(pipeline, ...words, ...(asks ? ['--yes'] : []));
}

function startAsGiven({ ready }: Running, ...words: string[]): Oncefold {
  return startOncefold([...words, ...accessTo(ready)]);
}

function accessTo(ready: Ready): string[] {
  return [
    ...['--dynamodb-endpoint', ready.dynamodb, '--region', ready.region],
    ...['--access-key-id', ready.accessKeyId, '--secret-access-key', ready.secretAccessKey],
  ];
}

function run(pipeline: Running, ...words: string[]): Promise<Ended> {
  return start(pipeline, ...words).ended;
}

async function json(pipeline: Running, ...words: string[]) {
  const { status, stdout, stderr } = await run(pipeline, ...words, '--json');
  expect(stdout, stderr).toMatch(/^\{/);
  return { status, answer: JSON.parse(stdout), stderr };
}

async function send(pipeline: Running, count: number): Promise<void> {
  const first = pipeline.sent;
  pipeline.sent += count;
  await pipeline.producer.send(
    Array.from({ length: count }, (_, index) =>
      JSON.stringify({
        TradeID: `trade-${first + index}`,
        Version: 0,
        // Each value has a power of its own, so that a difference names its trade.
        Value: `${first + index}.${String(first + index).padStart(6, '0')}`,
        Hierarchy: {
          RiskType: 'PV',
          TradeDesk: DESKS[index % DESKS.length],
          Region: REGIONS[(index >> 2) % REGIONS.length],
        },
        Timestamp: 1763884800.5,
      }),
    ),
  );
}

/** Waits until everything that was sent is in the sums. */
async function untilApplied({ producer, sent }: Running, others = 0): Promise<void> {
  await producer.until((sums) => sums.get('message_count') === String(sent + others), sent);
}

/**
 * Sends a few messages at a time for as long as the work takes, ever more rarely: a machine that takes longer gets hardly more to do.
 */
async function withTraffic<Value>(pipeline: Running, work: () => Promise<Value>): Promise<Value> {
  const done = new AbortController();
  const sending = (async () => {
    for (let pauseMs = 50; !done.signal.aborted; pauseMs *= 1.03) {
      await send(pipeline, 5);
      await sleep(pauseMs);
    }
  })();
  try {
    return await work();
  } finally {
    done.abort();
    await sending;
  }
}

async function add({ client }: Running, key: string, by: string): Promise<void> {
  await client.send(
    new UpdateItemCommand({
      TableName: 'AggregateTable',
      Key: { Identifier: { S: key } },
      UpdateExpression: 'ADD #value :by',
      ExpressionAttributeNames: { '#value': 'Value' },
      ExpressionAttributeValues: { ':by': { N: by } },
    }),
  );
}

async function readItem(
  { client }: Running,
  table: string,
  key: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, AttributeValue>> | undefined> {
  const Key = Object.fromEntries(Object.entries(key).map(([name, S]) => [name, { S }]));
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item;
}

const exact = { status: 0, answer: { exact: true, differences: [] } };

// Whole pipelines in processes of their own: the limit is against hanging only.
describe('oncefold rebuild', () => {
  let pipeline: Running;
  beforeAll(async () => {
    pipeline = await up();
    await send(pipeline, 200);
    await untilApplied(pipeline);
  });
  afterAll(() => down(pipeline));

  it('repairs what was damaged, and nothing else, while records flow', async () => {
    await add(pipeline, 'PV', '7.5');
    await add(pipeline, 'PV:Bonds:EMEA', '-0.000000000001');
    await pipeline.client.send(
      new PutItemCommand({
        TableName: 'AggregateTable',
        Item: { Identifier: { S: 'heartbeat' }, Value: { S: 'another program' } },
      }),
    );
    const compared = await withTraffic(pipeline, () => json(pipeline, 'check', '--live'));
    expect(compared).toMatchObject({
      status: 1,
      answer: {
        live: true,
        foreign: ['heartbeat'],
        differences: [
          { key: 'PV', difference: '7.5' },
          { key: 'PV:Bonds:EMEA', difference: '-0.000000000001' },
        ],
      },
    });
    const rebuilt = await withTraffic(pipeline, () => json(pipeline, 'rebuild'));
    expect(rebuilt).toMatchObject({
      status: 0,
      answer: {
        exact: true,
        foreign: ['heartbeat'],
        differences: [
          { key: 'PV', difference: '7.5' },
          { key: 'PV:Bonds:EMEA', difference: '-0.000000000001' },
        ],
        repairs: [expect.stringMatching(/^recount#\d+#1$/)],
      },
    });
    expect(rebuilt.stderr).toMatch(/marks .* write .* read request units/s);
    // A redrive is added to what the repair has left alone.
    const control = await readItem(pipeline, 'RecountTable', { Identifier: ':control' });
    expect(JSON.parse(control?.['Repairs']?.S ?? '')).toMatchObject([{ except: ['heartbeat'] }]);
    await pipeline.client.send(
      new DeleteItemCommand({ TableName: 'AggregateTable', Key: { Identifier: { S: 'heartbeat' } } }),
    );
    await untilApplied(pipeline);
    expect(await json(pipeline, 'check')).toMatchObject(exact);
  });

  it('repairs one node with what is below it only', async () => {
    await add(pipeline, 'PV:Bonds', '3');
    await add(pipeline, 'PV:Swaps', '4');
    const rebuilt = await json(pipeline, 'rebuild', '--path', 'PV:Swaps', '--settle', '1');
    const { status, stderr, answer } = rebuilt;
    expect(status).toBe(0);
    expect(stderr).toContain('waiting 1 s for requests');
    expect(answer.differences).toMatchObject([{ key: 'PV:Swaps', difference: '4' }]);
    expect(await json(pipeline, 'check', '--path', 'PV:Swaps')).toMatchObject(exact);
    const before = await readItem(pipeline, 'RecountTable', { Identifier: ':control' });
    for (const words of [['rebuild'], ['rebuild', '--dry-run'], ['check', '--live']]) {
      expect(await run(pipeline, ...words, '--path', 'NOPE')).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('there is no node NOPE'),
      });
    }
    expect(await readItem(pipeline, 'RecountTable', { Identifier: ':control' })).toEqual(before);
    expect(await json(pipeline, 'check', '--wait', '0')).toMatchObject({
      status: 1,
      answer: { verdict: 'different', differences: [{ key: 'PV:Bonds', difference: '3' }] },
    });
    await add(pipeline, 'PV:Bonds', '-3');
  });

  it.each([-180, 180])(
    'says when it repaired by the clock of the tables, on a machine that is %s s off',
    async (seconds) => {
      const code = `const { now } = Date; Date.now = () => now() + ${seconds * 1_000};`;
      const beganAt = Date.now() / 1_000;
      const words = ['rebuild', '--yes', '--path', 'PV:Swaps', ...accessTo(pipeline.ready)];
      const variables = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
      expect(await startOncefold(words, variables).ended).toMatchObject({ status: 0 });
      const control = await readItem(pipeline, 'RecountTable', { Identifier: ':control' });
      const { from, to } = JSON.parse(control?.['Repairs']?.S ?? '').at(-1);
      expect(from).toBeGreaterThan(beganAt - 3);
      expect(to).toBeLessThan(Date.now() / 1_000 + 3);
    },
  );

  it('is refused while a trade is in a node that leaves no room for its key, and map goes on', async () => {
    const names = [...'abcdefgh'];
    const hierarchy = Object.fromEntries(names.map((name) => [name, name.repeat(255)]));
    const leaf = Object.values(hierarchy).join(':');
    await putTrade(pipeline, 'long', { hierarchy, dimensions: names });
    await untilApplied(pipeline, 1);
    const refused = await withTraffic(pipeline, () => run(pipeline, 'check', '--live'));
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('almost 2,048 bytes') });
    await untilApplied(pipeline, 1);
    await pipeline.client.send(
      new DeleteItemCommand({ TableName: 'StateTable', Key: { id: { S: 'long' } } }),
    );
    await pipeline.producer.until((sums) => sums.get(leaf) === '0', pipeline.sent);
    expect(await json(pipeline, 'check', '--live')).toMatchObject(exact);
    await add(pipeline, 'message_count', '-1');
  });

  it('changes nothing with --dry-run, or where nobody can be asked, and says what would be done', async () => {
    const tables = ['StateTable', 'ReduceTable', 'AggregateTable', 'RecountTable', 'LedgerTable'];
    const contents = () => Promise.all(tables.map((table) => pipeline.producer.scan(table)));
    expect(await json(pipeline, 'rebuild', '--dry-run')).toMatchObject({
      status: 0,
      answer: {
        dryRun: { trades: pipeline.sent, toMark: pipeline.sent, toMove: 0 },
        estimate: {
          isCounted: true,
          trades: pipeline.sent,
          marks: pipeline.sent + sealMarksOf(pipeline.sent) + 1_000,
        },
        check: { exact: true },
      },
    });
    await add(pipeline, 'PV', '1');
    const before = await contents();
    for (const words of [['rebuild'], ['rebuild', '--json'], ['check', '--live']]) {
      const { status, stderr } = await startAsGiven(pipeline, ...words).ended;
      expect(status).toBe(2);
      expect(stderr).toContain('add --yes');
    }
    const text = await run(pipeline, 'rebuild', '--dry-run');
    expect(text.status).toBe(1);
    expect(text.stdout).toContain('WRONG: 1 aggregate');
    const moving = await json(
      ...([pipeline, 'rebuild', '--dry-run', '--hierarchy-dimensions', 'RiskType,Region'] as const),
    );
    expect(moving).toMatchObject({
      status: 1,
      answer: { dryRun: { toMove: pipeline.sent, unsummable: 0 } },
    });
    expect(await contents()).toEqual(before);
    await add(pipeline, 'PV', '-1');
  });

  it('makes up for rows that their stream has lost', async () => {
    await send(pipeline, 1);
    await untilApplied(pipeline);
    const rows = await pipeline.producer.scan('ReduceTable');
    const message = `${pipeline.sent - 1}.${String(pipeline.sent - 1).padStart(6, '0')}`;
    const row = rows.find((item) => item['Message']?.S?.includes(`"PV":"${message.replace(/0+$/, '')}"`));
    const id = row?.['MessageId']?.S ?? '';
    const markers = await pipeline.producer.scan('LedgerTable');
    const marker = markers.find((item) =>
      item['Marker']?.S?.endsWith(`#${id.replaceAll('%', '%25').replaceAll('#', '%23')}`),
    );
    const name = marker?.['Marker']?.S ?? '';
    expect(name).not.toBe('');
    // The row as if it had been written 26 hours ago, and as if nobody had ever applied it.
    await pipeline.client.send(
      new DeleteItemCommand({ TableName: 'LedgerTable', Key: { Marker: { S: name } } }),
    );
    const sums: Readonly<Record<string, string>> = JSON.parse(row?.['Message']?.S ?? '{}');
    for (const [key, sum] of Object.entries(sums)) {
      await add(pipeline, key, `-${sum}`);
    }
    await pipeline.client.send(
      new UpdateItemCommand({
        TableName: 'ReduceTable',
        Key: { MessageId: { S: id } },
        UpdateExpression: 'SET ExpiresAt = :at',
        ExpressionAttributeValues: {
          ':at': { N: String(Math.floor(Date.now() / 1000) + RETENTION_SECONDS - 26 * 3_600) },
        },
      }),
    );
    const found = await json(pipeline, 'check', '--wait', '0');
    expect(found).toMatchObject({
      status: 1,
      answer: {
        verdict: 'different',
        evidence: {
          unappliedRows: { code: 'found', inFlight: 0, lost: 1, first: [id] },
          candidates: [{ tradeId: `trade-${pipeline.sent - 1}`, suspicion: 'lost', isWhole: true }],
        },
      },
    });
    const rebuilt = await json(pipeline, 'rebuild');
    expect(rebuilt).toMatchObject({ status: 0, answer: { lostRows: [id] } });
    expect(rebuilt.answer.differences).toHaveLength(Object.keys(sums).length - 1);
    // A redrive decides by the time of the row.
    expect(await readItem(pipeline, 'LedgerTable', { Marker: name })).toBeUndefined();
    // What the lost row counted is not made up for, since no table keeps it.
    await add(pipeline, 'message_count', '1');
    expect(await json(pipeline, 'check')).toMatchObject(exact);
  });

  it('leaves sums as they were or repaired when it is killed, whenever that is', async () => {
    const phases = [
      'has begun',
      'marking',
      'waiting for map',
      'waiting for reduce',
      'comparing',
      'repairing',
    ];
    await add(pipeline, 'PV', '9');
    for (const phase of phases) {
      const killed = start(pipeline, 'rebuild');
      await killed.line((line) => line.includes(phase));
      killed.process.kill('SIGKILL');
      await killed.ended;
      const sums = await pipeline.producer.sums();
      const [node, ...children] = [sums.get('PV'), ...DESKS.map((desk) => sums.get(`PV:${desk}`))].map(
        Number,
      );
      const difference = (node ?? 0) - children.reduce((sum, child) => sum + child, 0);
      expect([0, 9]).toContain(Math.round(difference));
    }
    const aborted = await json(pipeline, 'rebuild', '--abort');
    expect(aborted).toMatchObject({ status: 0, answer: { ended: expect.any(Number) } });
    expect(await readItem(pipeline, 'RecountTable', { Identifier: ':control' })).toMatchObject({
      State: { S: 'ended' },
    });
    // As one that was interrupted leaves it.
    const post = {
      id: { S: `:recount:${aborted.answer.ended}:5` },
      Recount: { N: String(aborted.answer.ended) },
    };
    await pipeline.client.send(new PutItemCommand({ TableName: 'StateTable', Item: post }));
    expect(await json(pipeline, 'rebuild', '--abort')).toMatchObject({ answer: { ended: null } });
    const left = `:recount:${aborted.answer.ended}:`;
    const items = await pipeline.producer.scan('StateTable');
    expect(items.filter(({ id }) => id?.S?.startsWith(left))).toEqual([]);
    expect(await json(pipeline, 'rebuild')).toMatchObject({ status: 0 });
    expect(await json(pipeline, 'check')).toMatchObject(exact);
  });

  it('ends a recount on Ctrl-C, so that the functions need not count for it', async () => {
    const ended = start(pipeline, 'rebuild');
    await ended.line((line) => line.includes('waiting for map'));
    ended.process.kill('SIGINT');
    const { status, stdout } = await ended.ended;
    expect(status).toBe(130);
    expect(stdout).toContain('is ended before it was done; run the command again to begin anew');
    expect(await readItem(pipeline, 'RecountTable', { Identifier: ':control' })).toMatchObject({
      State: { S: 'ended' },
    });
  });

  it('repairs once when two run at the same time', async () => {
    await add(pipeline, 'PV', '11');
    const both = await Promise.all([run(pipeline, 'rebuild'), run(pipeline, 'rebuild')]);
    const statuses = both.map(({ status }) => status).toSorted();
    expect([
      [0, 0],
      [0, 2],
    ]).toContainEqual(statuses);
    for (const { status, stderr } of both) {
      expect(status === 0 || /was ended by another run/.test(stderr), stderr).toBe(true);
    }
    expect(await json(pipeline, 'check')).toMatchObject(exact);
  });

  it('gives no false alarm while records flow, and decides with --live', async () => {
    const { status, stdout } = await withTraffic(pipeline, () => run(pipeline, 'check', '--wait', '5'));
    expect([0, 3], stdout).toContain(status);
    expect(await withTraffic(pipeline, () => json(pipeline, 'check', '--live'))).toMatchObject(exact);
    await untilApplied(pipeline);
  });

  it('refuses a strategy that does not tell which rows are applied', async () => {
    const { status, stderr } = await run(pipeline, 'rebuild', '--reduce-strategy', 'checkpoint');
    expect(status).toBe(2);
    expect(stderr).toContain('only ledger tells which rows of sums are applied');
  });

  it('refuses a retention or a namespace that the functions do not have, instead of taking rows for lost', async () => {
    const { status, stderr } = await run(pipeline, 'rebuild', '--ledger-retention-seconds', '2000000');
    expect(status).toBe(2);
    expect(stderr).toContain('say the LedgerRetentionSeconds that the functions have');
    const other = await run(pipeline, 'rebuild', '--namespace', 'another');
    expect(other.status).toBe(2);
    expect(other.stderr).toContain('knows none of them for namespace another');
    expect(await json(pipeline, 'check')).toMatchObject(exact);
  });
});

describe('oncefold rebuild over other engines and dimensions', () => {
  it('knows the markers on dynoxide', async () => {
    const pipeline = await up('--engine', 'dynoxide');
    try {
      await send(pipeline, 50);
      await untilApplied(pipeline);
      await add(pipeline, 'PV', '5');
      expect(await withTraffic(pipeline, () => json(pipeline, 'rebuild'))).toMatchObject({
        status: 0,
        answer: { differences: [{ key: 'PV', difference: '5' }] },
      });
      await untilApplied(pipeline);
      expect(await json(pipeline, 'check')).toMatchObject(exact);
    } finally {
      await down(pipeline);
    }
  });

  it('moves trades that have not changed to new dimensions, after these were deployed', async () => {
    const pipeline = await up('--parameter-overrides', 'HierarchyDimensions=RiskType,Region');
    try {
      // As the state function wrote them before the dimensions were changed.
      const former = ['RiskType', 'TradeDesk', 'Region'];
      for (let index = 0; index < 40; index += 1) {
        const hierarchy = { Region: REGIONS[index % 2], RiskType: 'PV', TradeDesk: DESKS[index % 3] };
        await putTrade(pipeline, `former-${index}`, { hierarchy, dimensions: former });
      }
      await putTrade(pipeline, 'without region', {
        hierarchy: { RiskType: 'PV', TradeDesk: 'Bonds' },
        dimensions: ['RiskType', 'TradeDesk'],
      });
      await send(pipeline, 20);
      await untilApplied(pipeline, 41);
      expect((await pipeline.producer.sums()).get('PV:Bonds')).not.toBe('0');

      const words = ['rebuild', '--hierarchy-dimensions', 'RiskType,Region'];
      const rebuilt = await withTraffic(pipeline, () => json(pipeline, ...words));
      expect(rebuilt).toMatchObject({
        status: 0,
        answer: { differences: [], unsummableCount: 1, movedCount: 40, movedTo: ['RiskType', 'Region'] },
      });
      expect(rebuilt.stderr).toContain('40 trades will be moved to RiskType,Region');
      expect(rebuilt.stderr).toContain('of which 40 move a trade to RiskType,Region');
      await untilApplied(pipeline, 41);
      expect(await json(pipeline, 'check')).toMatchObject(exact);
      const sums = await pipeline.producer.sums();
      expect(sums.get('PV:FXSpot')).toBe('0');
      expect(sums.get('PV:FXSpot:EMEA')).toBe('0');
      // The trade that has no region stays where it was.
      expect(sums.get('PV:Bonds')).toBe('1');
    } finally {
      await down(pipeline);
    }
  });
});

async function putTrade(
  { client }: Running,
  id: string,
  trade: { readonly hierarchy: object; readonly dimensions: readonly string[] },
): Promise<void> {
  await client.send(
    new PutItemCommand({
      TableName: 'StateTable',
      Item: {
        id: { S: id },
        Version: { N: '0' },
        Value: { N: '1' },
        Hierarchy: { S: JSON.stringify(trade.hierarchy) },
        Timestamp: { N: '1763884800.5' },
        Dimensions: { S: JSON.stringify(trade.dimensions) },
      },
    }),
  );
}
