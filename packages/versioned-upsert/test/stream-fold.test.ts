/**
 * Goal: what a versioned table's stream says adds up to the items in the table, although no record brings the value that it
 * corrects. Method: corrections, repetitions and cancellations, delivered twice side by side in opposite orders, go through
 * `upsertNewest` into DynamoDB Local; its stream, delivered twice and cut differently, goes through `commitOnce` into sums.
 */
import {
  type AttributeValue,
  CreateTableCommand,
  DescribeTableCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { incrementEach, ledger } from '@oncefold/commit';
import { createDynamoDbTransactions } from '@oncefold/commit/dynamodb';
import { createLocalDynamoDb, LOCAL_REGION } from '@oncefold/engines';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { commitOnce } from '@oncefold/middleware';
import {
  addDecimals,
  contributionOfChange,
  formatDecimal,
  type Leaf,
  parseDecimal,
  parseSum,
  zero,
} from '@oncefold/reducer';
import type { DynamoDBRecord, DynamoDBStreamEvent, SQSEvent } from 'aws-lambda';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { versionedTable } from '../src/dynamodb/index.ts';
import { upsertNewest } from '../src/index.ts';
import { createTables, orderForm } from './support/orders.ts';

type Image = Readonly<Record<string, AttributeValue | undefined>>;

const engine = useDynamoDb();
const context = { getRemainingTimeInMillis: () => 30_000, awsRequestId: 'request' };

beforeAll(async () => {
  await createTables(engine.client);
  for (const [TableName, AttributeName] of [
    ['Revenue', 'Region'],
    ['Ledger', 'Marker'],
  ] as const) {
    await engine.client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName, AttributeType: 'S' }],
        KeySchema: [{ AttributeName, KeyType: 'HASH' }],
      }),
    );
  }
});

it('ends with the sums of the newest versions', async () => {
  const messages = fc.sample(message, { numRuns: 300, seed: 7 });
  const upsert = upsertHandler();
  // The second delivery is cut differently, and runs beside the first.
  await Promise.all([deliver(messages, 40, upsert), deliver([...messages].reverse(), 25, upsert)]);

  const records = await readStream();
  const fold = foldHandler();
  await deliverChanges(records, 30, fold);
  await deliverChanges(records, 70, fold);

  const items = await scan('Orders');
  const expected = new Map<string, ReturnType<typeof parseDecimal>>();
  for (const leaf of items.flatMap((item) => leafOf(item) ?? [])) {
    const [region = ''] = leaf.path;
    expected.set(region, addDecimals(expected.get(region) ?? zero, leaf.measure));
  }
  const sums = (await scan('Revenue')).map((item) => [
    item['Region']?.S,
    formatDecimal(parseSum(item['Value']?.N ?? '')),
  ]);
  // A region that all orders have left stays with the sum 0.
  const standing = sums.filter(([, sum]) => sum !== '0').sort();
  expect(standing).toEqual(
    [...expected]
      .map(([region, sum]) => [region, formatDecimal(sum)])
      .filter(([, sum]) => sum !== '0')
      .sort(),
  );
  // The load is one that could have gone wrong.
  expect(items.some((item) => item['Cancelled']?.BOOL === true)).toBe(true);
  expect(records.filter(({ eventName }) => eventName === 'MODIFY').length).toBeGreaterThan(20);
  expect(standing.length).toBeGreaterThan(1);
});

/** Versions of few orders: the content follows from order and version, so that nothing conflicts. */
const message = fc
  .record({ id: fc.nat({ max: 19 }), version: fc.nat({ max: 9 }) })
  .map(({ id, version }) => ({
    id,
    version,
    region: ['eu', 'us', 'ap'][(id * 7 + version * 5) % 3] ?? '',
    amount: `${(id * 31 + version * 17) % 50}.${version}5`,
    isCancelled: (id + version) % 6 === 0,
  }));
type Message = typeof message extends fc.Arbitrary<infer Value> ? Value : never;

function upsertHandler() {
  const table = versionedTable({ ...orderForm, client: engine.client, table: 'Orders' });
  return upsertNewest({ table, onRefused: 'fail' }, (event: SQSEvent) =>
    event.Records.map(({ body }) => {
      const { id, version, region, amount, isCancelled }: Message = JSON.parse(body);
      return {
        key: { OrderId: `order-${id}`, Line: 1 },
        version,
        attributes: { Region: { S: region }, Amount: { N: amount } },
        removed: isCancelled,
      };
    }),
  );
}

function foldHandler() {
  const { credentials, endpoint } = engine;
  const client = createLocalDynamoDb({ endpoint, credentials, maxAttempts: 1 });
  const retentionSeconds = 86_400;
  return commitOnce(
    {
      transactions: createDynamoDbTransactions(client),
      strategy: ledger({ namespace: 'n', consumer: 'c', table: 'Ledger', retentionSeconds, now: () => 0 }),
      effect: incrementEach({ table: 'Revenue', key: 'Region', attribute: 'Value' }),
    },
    (event: DynamoDBStreamEvent) =>
      event.Records.map(({ dynamodb }) => ({
        contribution: contributionOfChange(
          leafOf(dynamodb?.OldImage as Image | undefined),
          leafOf(dynamodb?.NewImage as Image | undefined),
        ),
      })),
  );
}

/** A tombstone adds nothing. */
function leafOf(image: Image | undefined): Leaf | undefined {
  if (image === undefined || image['Cancelled']?.BOOL === true) {
    return undefined;
  }
  return { path: [image['Region']?.S ?? ''], measure: parseDecimal(image['Amount']?.N ?? '') };
}

async function deliver(
  messages: readonly Message[],
  size: number,
  handler: ReturnType<typeof upsertHandler>,
): Promise<void> {
  for (let start = 0; start < messages.length; start += size) {
    const Records = messages
      .slice(start, start + size)
      .map(
        (one, index) =>
          ({ messageId: String(index), body: JSON.stringify(one) }) as SQSEvent['Records'][number],
      );
    await handler({ Records }, context);
  }
}

async function deliverChanges(
  records: readonly DynamoDBRecord[],
  size: number,
  handler: ReturnType<typeof foldHandler>,
): Promise<void> {
  for (let start = 0; start < records.length; start += size) {
    await handler({ Records: records.slice(start, start + size) }, context);
  }
}

async function readStream(): Promise<DynamoDBRecord[]> {
  const { endpoint, credentials, client } = engine;
  const streams = new DynamoDBStreamsClient({ region: LOCAL_REGION, endpoint, credentials });
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'Orders' }));
  const StreamArn = Table?.LatestStreamArn ?? '';
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const records: DynamoDBRecord[] = [];
  for (const { ShardId } of StreamDescription?.Shards ?? []) {
    const taken = await streams.send(
      new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    let iterator = taken.ShardIterator;
    for (let isEmpty = false; iterator !== undefined && !isEmpty; ) {
      const answer = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
      isEmpty = answer.Records?.length === 0;
      iterator = answer.NextShardIterator;
      for (const record of answer.Records ?? []) {
        // As Lambda delivers it: with the stream, and times in seconds.
        const dynamodb = { ...record.dynamodb, ApproximateCreationDateTime: 0 };
        records.push({ ...record, dynamodb, eventSourceARN: StreamArn } as DynamoDBRecord);
      }
    }
  }
  streams.destroy();
  return records;
}

async function scan(TableName: string): Promise<Record<string, AttributeValue>[]> {
  const { Items = [] } = await engine.client.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return Items;
}
