/**
 * Rebuilds the sums of many trades beside a pipeline on a local engine, and measures the command: time, requests, memory.
 *
 *     pnpm --filter @oncefold/cli stress:rebuild [--trades 100000] [--rate 0] [--engine auto]
 *
 * It damages the aggregates before, and ends with 0 when the command has repaired them exactly. Trades are put into StateTable as the
 * state function writes them. It takes minutes, which is why no test does it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { BatchWriteItemCommand, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { createLocalDynamoDb } from '@oncefold/engines';
import { connect, type Ready } from '../test/support/outside-producer.ts';
import { type Oncefold, startOncefold } from '../test/support/run-oncefold.ts';

const { values } = parseArgs({
  options: {
    trades: { type: 'string', default: '100000' },
    rate: { type: 'string', default: '0' },
    engine: { type: 'string', default: 'auto' },
  },
});
const trades = Number(values.trades);

const DESKS = ['FXSpot', 'Bonds', 'Swaps', 'Options'];
const REGIONS = ['EMEA', 'APAC', 'AMER'];
/** DynamoDB's own limit of items in a request. */
const ITEMS_MAX = 25;
const WRITERS = 8;
const POLL_MS = 2_000;
const SAMPLE_MS = 1_000;
const SAMPLES_SHOWN = 10;

const overrides = ['MapBatchSize=10000', 'ReduceBatchSize=1000'];
const pipeline = startOncefold([
  ...['up', '--json', '--engine', values.engine],
  ...overrides.flatMap((override) => ['--parameter-overrides', override]),
]);
const line = await pipeline.line(() => true);
const ready: Ready = JSON.parse(line);
const { accessKeyId, secretAccessKey } = ready;
const producer = connect(line);
const client = createLocalDynamoDb({
  endpoint: ready.dynamodb,
  credentials: { accessKeyId, secretAccessKey },
});
try {
  const loadedAt = performance.now();
  await putTrades(client);
  say(`${trades} trades are in StateTable after ${seconds(loadedAt)} s`);
  const value = String(trades);
  while ((await producer.sums()).get('message_count') !== value) {
    await sleep(POLL_MS);
  }
  say(`they are in AggregateTable after ${seconds(loadedAt)} s`);
  await damage(client);
  const startedAt = performance.now();
  const command = startOncefold(['rebuild', '--yes', '--json', '--rate', values.rate], {
    AWS_ENDPOINT_URL_DYNAMODB: ready.dynamodb,
    AWS_REGION: ready.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  });
  const memory = await memoryOf(command);
  const { status, stdout, stderr } = await command.ended;
  if (status !== 0) {
    throw new Error(`rebuild ended with status ${status}: ${stderr}`);
  }
  const { marks, requests, differences } = JSON.parse(stdout);
  say(stderr.trim());
  say(
    JSON.stringify({
      engine: values.engine,
      trades,
      marks,
      requests,
      seconds: Number(seconds(startedAt)),
      marksPerSecond: Math.round((marks * 1000) / (performance.now() - startedAt)),
      residentMB: memory,
      repaired: differences.length,
    }),
  );
  const check = startOncefold([
    ...['check', '--json', '--dynamodb-endpoint', ready.dynamodb, '--region', ready.region],
    ...['--access-key-id', accessKeyId, '--secret-access-key', secretAccessKey],
  ]);
  const checked = await check.ended;
  say(`check ends with ${checked.status}`);
  process.exitCode = checked.status === 0 && differences.length === 1 ? 0 : 1;
} finally {
  producer.close();
  client.destroy();
  pipeline.process.kill('SIGTERM');
  await pipeline.ended;
}

async function putTrades(database: DynamoDBClient): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < trades) {
      const first = next;
      next = Math.min(trades, next + ITEMS_MAX);
      let requests = Array.from({ length: next - first }, (_, index) => ({
        PutRequest: { Item: itemOf(first + index) },
      }));
      while (requests.length > 0) {
        const { UnprocessedItems } = await database.send(
          new BatchWriteItemCommand({ RequestItems: { StateTable: requests } }),
        );
        requests = (UnprocessedItems?.['StateTable'] ?? []) as typeof requests;
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, work));
}

function itemOf(index: number) {
  const hierarchy = {
    Region: REGIONS[index % REGIONS.length],
    RiskType: 'PV',
    TradeDesk: DESKS[(index >> 3) % DESKS.length],
  };
  return {
    id: { S: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` },
    Version: { N: '0' },
    Value: { N: `${index % 10_000}.25` },
    Hierarchy: { S: JSON.stringify(hierarchy) },
    Timestamp: { N: '1763884800.123456' },
    Dimensions: { S: '["RiskType","TradeDesk","Region"]' },
  };
}

async function damage(database: DynamoDBClient): Promise<void> {
  await database.send(
    new UpdateItemCommand({
      TableName: 'AggregateTable',
      Key: { Identifier: { S: 'PV:Bonds' } },
      UpdateExpression: 'ADD #value :by',
      ExpressionAttributeNames: { '#value': 'Value' },
      ExpressionAttributeValues: { ':by': { N: '12345.678' } },
    }),
  );
}

/** Resident memory at some points of a process's life, evenly spread, in MB. */
async function memoryOf({ process: { pid }, ended }: Oncefold): Promise<readonly number[]> {
  const samples: number[] = [];
  const isOver = ended.then(() => true);
  while (!(await Promise.race([isOver, sleep(SAMPLE_MS, false)]))) {
    if (!existsSync(`/proc/${pid}`)) {
      break;
    }
    samples.push(residentMb(pid ?? 0));
  }
  const every = Math.max(1, Math.ceil(samples.length / SAMPLES_SHOWN));
  return samples.filter((_, index) => index % every === every - 1);
}

function residentMb(pid: number): number {
  try {
    return Math.round(
      Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024,
    );
  } catch {
    // It ended between the two looks.
    return 0;
  }
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
