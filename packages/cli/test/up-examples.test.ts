// Goal: the examples run as they are under `oncefold up --template`, and their tables are exact whatever is redelivered.
// Method: each example's bundle and template in a folder of their own; its events are invoked twice; then plain SDK clients send records
// in waves, while batches are redelivered and cut anew, replies are lost and processes die after their commit.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type AttributeValue,
  BatchWriteItemCommand,
  DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { addDecimals, formatDecimal, parseSum, zero } from '@oncefold/reducer';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, describe, expect, it } from 'vitest';
import type { Ready } from './support/outside-producer.ts';
import { type Oncefold, startOncefold } from './support/run-oncefold.ts';

const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url));
const FAULTS = ['redeliver=0.4,regroup=0.4,late-retry=0.2', 'kill-after-commit=0.2,lost-reply=0.2,seed=7'];
const WAVES = 4;
const WAVE_SIZE = 20;

/** Rows of a table: each attribute as text, numbers in plain decimals. */
type Rows = readonly Readonly<Record<string, string>>[];

interface Running {
  invoke(functionName: string, event: string): Promise<void>;
  putItems(table: string, items: readonly Record<string, AttributeValue>[]): Promise<void>;
  putRecords(stream: string, records: readonly object[]): Promise<void>;
  /** All rows of a table, of these attributes. */
  read(table: string, names: readonly string[]): Promise<Rows>;
  /** Ends the application, and says how many batches were delivered again. */
  stop(): Promise<number>;
}

let application: Oncefold | undefined;
let folder: string | undefined;
let destroy: (() => void) | undefined;

// Engines and functions in processes of their own: the limit is against hanging only.

async function up(name: string, ...words: string[]): Promise<Running> {
  const example = join(EXAMPLES, name);
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: example, stdio: ['ignore', 'ignore', 'inherit'] });
  folder = mkdtempSync(join(tmpdir(), 'oncefold-'));
  for (const part of ['template.yaml', 'dist']) {
    cpSync(join(example, part), join(folder, part), { recursive: true });
  }
  const template = ['--template', join(folder, 'template.yaml'), ...words];
  const faults = FAULTS.flatMap((fault) => ['--fault', fault]);
  application = startOncefold(['up', '--json', ...template, ...faults]);
  const ready: Ready & { lambda: string } = JSON.parse(await application.line(() => true));
  const { region, accessKeyId, secretAccessKey } = ready;
  const settings = { region, credentials: { accessKeyId, secretAccessKey } };
  const dynamodb = new DynamoDBClient({ ...settings, endpoint: ready.dynamodb });
  const requestHandler = new NodeHttpHandler();
  const kinesis = new KinesisClient({ ...settings, endpoint: ready.kinesis, requestHandler });
  const lambda = new LambdaClient({ ...settings, endpoint: ready.lambda, maxAttempts: 1 });
  destroy = () => [dynamodb, kinesis, lambda].map((client) => client.destroy());

  return {
    async invoke(FunctionName, event) {
      const Payload = readFileSync(join(example, 'events', event));
      const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
      const text = Buffer.from(answer.Payload ?? []).toString();
      expect([answer.FunctionError, text]).toEqual([undefined, '{"batchItemFailures":[]}']);
    },
    async putItems(table, items) {
      const RequestItems = { [table]: items.map((Item) => ({ PutRequest: { Item } })) };
      await dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
    },
    async putRecords(StreamName, records) {
      const Records = records.map((record, index) => ({
        Data: Buffer.from(JSON.stringify(record)),
        PartitionKey: String(index),
      }));
      await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    },
    async read(TableName, names) {
      const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }));
      const texts = Items.map((item) => names.map((name) => [name, textOf(item[name])] as const));
      return sorted(texts.map((row) => Object.fromEntries(row)));
    },
    async stop() {
      application?.process.kill('SIGTERM');
      const end = await application?.ended;
      const { counts } = JSON.parse(end?.stdout.trim().split('\n')[1] ?? '').faults;
      const { redeliver = 0, regroup = 0, 'late-retry': late = 0, 'kill-after-commit': killed = 0 } = counts;
      return redeliver + regroup + late + killed;
    },
  };
}

async function untilRows(running: Running, table: string, rows: Rows): Promise<void> {
  const names = Object.keys(rows[0] ?? {});
  await expect.poll(() => running.read(table, names)).toEqual(sorted(rows));
}

function textOf(value: AttributeValue | undefined): string {
  return value?.N === undefined ? (value?.S ?? '') : formatDecimal(parseSum(value.N));
}

function sorted(rows: Rows): Rows {
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Adds measures up, row by row. */
function sumsOf(rows: Rows, measures: readonly string[]): Rows {
  const sums = new Map<string, Readonly<Record<string, string>>>();
  for (const row of rows) {
    const key = Object.entries(row).filter(([name]) => !measures.includes(name));
    const name = JSON.stringify(key);
    const before = sums.get(name);
    const grown = measures.map(
      (measure) =>
        [
          measure,
          formatDecimal(
            addDecimals(
              parseSum(row[measure] ?? '0'),
              before === undefined ? zero : parseSum(before[measure] ?? '0'),
            ),
          ),
        ] as const,
    );
    sums.set(name, Object.fromEntries([...key, ...grown]));
  }
  return [...sums.values()];
}

const numbers = (wave: number): number[] =>
  Array.from({ length: WAVE_SIZE }, (_, index) => wave * WAVE_SIZE + index);

describe('oncefold up --template, with the examples', () => {
  afterEach(async () => {
    destroy?.();
    application?.process.kill('SIGTERM');
    await application?.ended;
    rmSync(folder ?? '', { recursive: true, force: true });
  });

  it('counts page views, and seconds, per page and day', async () => {
    const running = await up('page-views');
    const rows: Record<string, string>[] = [
      { PK: 'PAGE#/', SK: 'DAY#2026-11-25', views: '1', seconds: '12.3' },
      { PK: 'PAGE#/', SK: 'DAY#2026-11-26', views: '1', seconds: '0.1' },
      { PK: 'PAGE#/prices', SK: 'DAY#2026-11-26', views: '1', seconds: '7' },
    ];
    await running.invoke('PageViewsFunction', 'visits.json');
    await running.invoke('PageViewsFunction', 'visits.json');
    for (let wave = 0; wave < WAVES; wave += 1) {
      const visits = numbers(wave).map((number) => ({
        VisitId: { S: `visit-${number}` },
        Page: { S: ['/', '/prices', '/docs'][number % 3] ?? '' },
        At: { S: `2026-11-${24 + (number % 4)}T12:00:00Z` },
        Seconds: { N: `${number}.1` },
      }));
      await running.putItems('Visits', visits);
      rows.push(
        ...visits.map(({ Page, At, Seconds }) => ({
          PK: `PAGE#${Page.S}`,
          SK: `DAY#${At.S.slice(0, 10)}`,
          views: '1',
          seconds: Seconds.N,
        })),
      );
      await untilRows(running, 'PageViews', sumsOf(rows, ['views', 'seconds']));
    }
    expect(await running.stop()).toBeGreaterThan(2);
  });

  it('sums revenue per region and day, with corrections and cancellations', async () => {
    const running = await up('revenue');
    await running.invoke('KeepOrdersFunction', 'orders.json');
    await running.invoke('KeepOrdersFunction', 'orders.json');
    const row = (Region: string, orders: string, revenue: string) => ({
      Region,
      Day: '2026-11-25',
      orders,
      revenue,
    });
    const standing = new Map([['order-1', row('APAC', '1', '15.5')]]);
    const touched = new Set<string>(['APAC']);
    for (let wave = 0; wave < WAVES; wave += 1) {
      const orders = numbers(wave).map((number) => ({
        orderId: `order-${number % 30}`,
        version: 10 + wave,
        region: ['EMEA', 'APAC', 'AMER'][(number + wave) % 3] ?? '',
        placedAt: '2026-11-25T10:00:00Z',
        amount: number + 0.1,
        status: number % 7 === 6 ? 'cancelled' : 'placed',
      }));
      // Newest first: an older version must not come back.
      const older = orders.map((order) => ({ ...order, version: 1, amount: 1_000_000, status: 'placed' }));
      await running.putRecords('OrderEvents', [...orders, ...older]);
      for (const { orderId, region, amount, status } of orders) {
        standing.delete(orderId);
        if (status === 'placed') {
          standing.set(orderId, row(region, '1', String(amount)));
          touched.add(region);
        }
      }
      const zeros = [...touched].map((region) => row(region, '0', '0'));
      await untilRows(running, 'Revenue', sumsOf([...zeros, ...standing.values()], ['orders', 'revenue']));
    }
    expect(await running.stop()).toBeGreaterThan(2);
  });

  it('keeps stock above zero, and answers each order once', async () => {
    const running = await up('stock');
    await running.invoke('StockFunction', 'orders.json');
    await running.invoke('StockFunction', 'orders.json');
    const answers = [
      { OrderId: 'order-1', Answer: 'accepted' },
      { OrderId: 'order-2', Answer: 'accepted' },
      { OrderId: 'order-3', Answer: 'refused' },
    ];
    await untilRows(running, 'Answers', answers);
    const stock = [{ Product: 'tea', pieces: '2' }];
    await untilRows(running, 'Stock', stock);
    for (let wave = 0; wave < WAVES; wave += 1) {
      const product = `product-${wave}`;
      await running.putRecords('StockOrders', [{ orderId: `delivery-${wave}`, product, pieces: -15 }]);
      stock.push({ Product: product, pieces: '15' });
      await untilRows(running, 'Stock', stock);
      const orders = numbers(wave).map((number) => ({
        orderId: `wave-${wave}-${number}`,
        product,
        pieces: 1,
      }));
      // Each order is sent twice, and there is enough for 15 of them, whichever come first.
      await running.putRecords('StockOrders', [...orders, ...orders]);
      const answered = async (): Promise<Readonly<Record<string, number>>> => {
        const rows = await running.read('Answers', ['OrderId', 'Answer']);
        const own = rows.filter(({ OrderId }) => OrderId?.startsWith(`wave-${wave}-`));
        const groups = Map.groupBy(own, ({ Answer = '' }) => Answer);
        return Object.fromEntries([...groups].map(([answer, list]) => [answer, list.length]));
      };
      await expect.poll(answered).toEqual({ accepted: 15, refused: 5 });
      stock.splice(-1, 1, { Product: product, pieces: '0' });
      await untilRows(running, 'Stock', stock);
    }
    expect(await running.stop()).toBeGreaterThan(2);
  });

  it('counts each order once from the cut-over on, where a consumer moves', async () => {
    const running = await up('moving-a-consumer', '--parameter-overrides', 'CutOver=1');
    const rows: Record<string, string>[] = [
      { Shelf: 'A', Pieces: '3' },
      { Shelf: 'B', Pieces: '1' },
    ];
    await running.invoke('StockFunction', 'orders.json');
    await running.invoke('StockFunction', 'orders.json');
    for (let wave = 0; wave < WAVES; wave += 1) {
      const orders = numbers(wave).map((number) => ({ shelf: number % 2 === 0 ? 'A' : 'B', pieces: number }));
      await running.putRecords('Orders', orders);
      rows.push(...orders.map(({ shelf, pieces }) => ({ Shelf: shelf, Pieces: String(pieces) })));
      await untilRows(running, 'Stock', sumsOf(rows, ['Pieces']));
    }
    expect(await running.stop()).toBeGreaterThan(2);
  });
});
