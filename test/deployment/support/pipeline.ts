import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { Emulator } from './emulator.ts';
import { required, type Stack } from './stack.ts';
import type { Outcome, OutcomeCounts } from './trades.ts';
import { parseUnits } from './units.ts';
import { until } from './until.ts';

type Item = Record<string, AttributeValue>;

/** A stored trade. */
export interface StoredTrade {
  readonly version: number;
  readonly units: bigint;
  readonly dimensions: Readonly<Record<string, string>>;
  /** By which it is summed. */
  readonly summedBy: readonly string[];
}

/** A deployed pipeline as its producers and readers see it: through the plain clients of the SDK. */
export interface Pipeline {
  /** The name of a table or stream that has this logical id. */
  nameOf(logicalId: string): string;
  /** Puts messages into the stream, and puts again what it refuses. */
  send(messages: readonly string[]): Promise<void>;
  account(): Promise<OutcomeCounts>;
  /** Sums by node without those that are zero, in units of 10^-12; `message_count` is apart. */
  sums(): Promise<{ readonly nodes: ReadonlyMap<string, bigint>; readonly messageCount: number }>;
  trades(): Promise<ReadonlyMap<string, StoredTrade>>;
  /** How many records are quarantined for each reason. */
  quarantine(): Promise<Readonly<Record<string, number>>>;
  /** Waits until so many records have an outcome. */
  untilAccounted(count: number): Promise<void>;
  /** Waits until so many changes are in the sums, which is when the last stage has committed them. */
  untilCounted(changes: number): Promise<void>;
}

const SENDS_MAX = 20;
const PAGES_MAX = 50;
const outcomes: readonly Outcome[] = ['Applied', 'Duplicate', 'Stale', 'Conflict', 'Quarantined'];

export async function findPipeline(emulator: Emulator, stack: Stack): Promise<Pipeline> {
  const resources = await stack.resources();
  const scan = (logicalId: string) => scanTable(emulator, required(resources, logicalId));
  const pipeline: Pipeline = {
    nameOf: (logicalId) => required(resources, logicalId),
    send: (messages) => send(emulator, required(resources, 'IncomingDataStream'), messages),
    account: async () => accountOf(await scan('AccountingTable')),
    sums: async () => sumsOfItems(await scan('AggregateTable')),
    trades: async () =>
      new Map((await scan('StateTable')).map((item) => [text(item, 'id'), readTrade(item)])),
    quarantine: async () => countReasons(await scan('QuarantineTable')),
    untilAccounted: (count) =>
      untilIs(emulator, count, async () => total(await pipeline.account()), 'records have an outcome'),
    untilCounted: (changes) =>
      untilIs(emulator, changes, async () => (await pipeline.sums()).messageCount, 'changes are in the sums'),
  };
  return pipeline;
}

export function total(counts: OutcomeCounts): number {
  return outcomes.reduce((sum, outcome) => sum + counts[outcome], 0);
}

export function addCounts(a: OutcomeCounts, b: OutcomeCounts): OutcomeCounts {
  const sums = outcomes.map((outcome) => [outcome, a[outcome] + b[outcome]]);
  return Object.fromEntries(sums) as OutcomeCounts;
}

/** A count that passes the wanted one has to be seen by whoever compares. */
async function untilIs(
  emulator: Emulator,
  wanted: number,
  count: () => Promise<number>,
  what: string,
): Promise<void> {
  await until(
    async () => ((await count()) >= wanted ? true : undefined),
    async () => `${await count()} of ${wanted} ${what}. The emulator:\n${await emulator.log()}`,
  );
}

async function send(emulator: Emulator, stream: string, messages: readonly string[]): Promise<void> {
  let left = messages.map((message, index) => ({
    Data: Buffer.from(message),
    PartitionKey: `${index}`,
  }));
  for (let sends = 0; sends < SENDS_MAX && left.length > 0; sends += 1) {
    const { Records: answers = [] } = await emulator.kinesis.send(
      new PutRecordsCommand({ StreamName: stream, Records: left }),
    );
    left = left.filter((_, index) => answers[index]?.SequenceNumber === undefined);
  }
  if (left.length > 0) {
    throw new Error(`${left.length} messages were refused ${SENDS_MAX} times`);
  }
}

export async function scanTable(emulator: Emulator, table: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { Items: found = [], LastEvaluatedKey: next } = await emulator.dynamodb.send(
      new ScanCommand({
        TableName: table,
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    items.push(...found);
    if (next === undefined) {
      return items;
    }
    start = next;
  }
  throw new Error(`${table} has more than ${PAGES_MAX} pages`);
}

function text(item: Item, name: string): string {
  const value = item[name]?.S ?? item[name]?.N;
  if (value === undefined) {
    throw new Error(`An item has no ${name}: ${JSON.stringify(item)}`);
  }
  return value;
}

function readTrade(item: Item): StoredTrade {
  return {
    version: Number(text(item, 'Version')),
    units: parseUnits(text(item, 'Value')),
    dimensions: JSON.parse(text(item, 'Hierarchy')),
    summedBy: JSON.parse(text(item, 'Dimensions')),
  };
}

function accountOf(items: readonly Item[]): OutcomeCounts {
  // Where an account of release 0.1.0 would be, there is a sign that it has moved.
  const accounts = items.filter((item) => item['MovedTo'] === undefined);
  const counts = outcomes.map((outcome) => [
    outcome,
    accounts.reduce((sum, item) => sum + Number(text(item, outcome)), 0),
  ]);
  return Object.fromEntries(counts) as OutcomeCounts;
}

function sumsOfItems(items: readonly Item[]): Awaited<ReturnType<Pipeline['sums']>> {
  const rows = new Map(items.map((item) => [text(item, 'Identifier'), parseUnits(text(item, 'Value'))]));
  const messageCount = rows.get('message_count') ?? 0n;
  const nodes = [...rows].filter(([node, units]) => node !== 'message_count' && units !== 0n);
  return { nodes: new Map(nodes), messageCount: Number(messageCount / 10n ** 12n) };
}

function countReasons(items: readonly Item[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const item of items.filter((one) => one['Part']?.N === '0')) {
    const reason = text(item, 'Reason');
    counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}
