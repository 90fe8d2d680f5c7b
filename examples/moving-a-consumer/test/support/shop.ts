import {
  CreateTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { createDynamoDbTransactions } from '@oncefold/commit/dynamodb';
import { createLocalClients, freshCredentials, LOCAL_REGION, type LocalCredentials } from '@oncefold/engines';
import type { Checkpoints, KinesisSourceRecord, SourceRecord } from '@oncefold/event-source-mapping';
import {
  createDynamoDbSource,
  createKinesisSource,
  createStreamRequests,
  deploy,
  type StreamRequests,
  type StreamSource,
} from '@oncefold/local-runtime';
import { retryConflicts } from '../../src/retry-conflicts.ts';
import { createRevenue, writtenAt } from '../../src/revenue.ts';
import { createRevenueBefore } from '../../src/revenue-before.ts';
import { arrivedAt, createStock } from '../../src/stock.ts';
import { createStockBefore } from '../../src/stock-before.ts';
import { switchAt } from '../../src/switch-at.ts';
import { type Handler, startMapping, type TestMapping } from './start-mapping.ts';

/** Numbers of the old functions are binary floats, exact up to 2^53. */
const DIGITS_BITS_MAX = 52;

/** One consumer in its three forms. */
export interface Consumer {
  readonly before: Handler;
  /** The form that is deployed first. */
  during(cutOver: number): Handler;
  /** The same with another old function. */
  switchFrom(before: Handler, cutOver: number): Handler;
  /** The form that stays. */
  after(cutOver: number): Handler;
}

/** A stream with a consumer that adds, on engines of its own. */
export interface Shop {
  readonly dynamodb: DynamoDBClient;
  readonly credentials: LocalCredentials;
  readonly transactions: ReturnType<typeof createDynamoDbTransactions>;
  readonly streamArn: string;
  readonly consumer: Consumer;
  /** Seconds since the epoch. */
  readonly clock: { now: number };
  /** Sends so many more orders. */
  send(count: number): Promise<void>;
  /** Enables a mapping of the stream. */
  enable(options?: {
    readonly checkpoints?: Checkpoints;
    readonly latest?: boolean;
    readonly reportsFailures?: boolean;
  }): TestMapping;
  /** How often each order is in the sums of a table, in the order in which they were sent. */
  counts(table?: string, column?: string): Promise<readonly number[]>;
  /** The sums of a table, by row. */
  sums(table: string, column: string): Promise<Readonly<Record<string, string>>>;
}

const BATCH_SIZE = 3;
const ROWS = ['north', 'south'];
const tables = {
  Stock: 'Shelf',
  StockExact: 'Shelf',
  Revenue: 'Region',
  Positions: 'Position',
  Ledger: 'Marker',
};

interface Endpoints {
  readonly dynamodb: string;
  readonly kinesis: string;
}

/**
 * Orders are put into a Kinesis stream, and each takes pieces from a shelf.
 *
 * @param countBits - how many bits of a sum say how often one order is in it; there may be 52 / countBits orders
 */
export async function openStock(endpoints: Endpoints, countBits = 2): Promise<Shop> {
  const { base, clients } = await openShop(endpoints);
  const StreamName = `Orders-${base.credentials.accessKeyId}`;
  const { streams } = await deploy(
    {
      tables: [],
      streams: [{ logicalId: 'Orders', streamName: StreamName, shardCount: 2, retentionHours: 24 }],
      queues: [],
    },
    clients,
  );
  const { dynamodb, transactions } = base;
  const switchStock = (before: Handler, cutOver: number): Handler =>
    switchAt({
      cutOver,
      timeOf: arrivedAt,
      before: before as ReturnType<typeof createStockBefore>,
      after: createStock({ transactions, cutOver }),
    });
  return connect(base, {
    streamArn: streams.get('Orders')?.streamArn ?? '',
    kind: 'kinesis',
    countBits,
    openSource: () =>
      createKinesisSource({
        requests: requestsTo('kinesis', endpoints.kinesis, base),
        streamName: StreamName,
      }),
    table: 'Stock',
    column: 'Pieces',
    put: async (id, row, amount) => {
      await clients.kinesis.send(
        new PutRecordCommand({
          StreamName,
          PartitionKey: id,
          ExplicitHashKey: row === ROWS[0] ? '0' : String(2n ** 127n),
          Data: Buffer.from(JSON.stringify({ shelf: row, pieces: amount })),
        }),
      );
    },
    consumer: {
      before: createStockBefore(dynamodb),
      during: (cutOver) => switchStock(createStockBefore(retryConflicts(dynamodb)), cutOver),
      switchFrom: switchStock,
      after: (cutOver) => createStock({ transactions, cutOver }),
    },
  });
}

/** Orders are items of a table, and its stream is added up by region. */
export async function openRevenue(endpoints: Endpoints, countBits = 2): Promise<Shop> {
  const { base, clients } = await openShop(endpoints);
  const { TableDescription } = await clients.dynamodb.send(
    new CreateTableCommand({
      TableName: 'Orders',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'Order', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'Order', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  const streamArn = TableDescription?.LatestStreamArn ?? '';
  const { dynamodb, transactions } = base;
  const switchRevenue = (before: Handler, cutOver: number): Handler =>
    switchAt({
      cutOver,
      timeOf: writtenAt,
      before: before as ReturnType<typeof createRevenueBefore>,
      after: createRevenue({ transactions, cutOver }),
    });
  return connect(base, {
    streamArn,
    kind: 'dynamodb',
    countBits,
    openSource: () =>
      createDynamoDbSource({ requests: requestsTo('dynamodb-streams', endpoints.dynamodb, base), streamArn }),
    table: 'Revenue',
    column: 'Amount',
    put: async (id, row, amount) => {
      const Item = { Order: { S: id }, Region: { S: row }, Amount: { N: String(amount) } };
      await dynamodb.send(new PutItemCommand({ TableName: 'Orders', Item }));
    },
    consumer: {
      before: createRevenueBefore(dynamodb),
      during: (cutOver) => switchRevenue(createRevenueBefore(retryConflicts(dynamodb)), cutOver),
      switchFrom: switchRevenue,
      after: (cutOver) => createRevenue({ transactions, cutOver }),
    },
  });
}

function requestsTo(
  service: 'kinesis' | 'dynamodb-streams',
  endpoint: string,
  { credentials: { accessKeyId } }: Base,
): StreamRequests {
  return createStreamRequests({ service, endpoint, region: LOCAL_REGION, accessKeyId });
}

interface Base {
  readonly credentials: LocalCredentials;
  readonly dynamodb: DynamoDBClient;
  readonly transactions: Shop['transactions'];
}

async function openShop(endpoints: Endpoints): Promise<{
  readonly base: Base;
  readonly clients: ReturnType<typeof createLocalClients>;
}> {
  const credentials = freshCredentials();
  const settings = {
    dynamodbEndpoint: endpoints.dynamodb,
    kinesisEndpoint: endpoints.kinesis,
    credentials,
  };
  const clients = createLocalClients(settings);
  const { dynamodb } = clients;
  for (const [TableName, AttributeName] of Object.entries(tables)) {
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName, AttributeType: 'S' }],
        KeySchema: [{ AttributeName, KeyType: 'HASH' }],
      }),
    );
  }
  const transactions = createDynamoDbTransactions(
    createLocalClients({ ...settings, maxAttempts: 1 }).dynamodb,
  );
  return { base: { credentials, dynamodb, transactions }, clients };
}

function connect(
  base: Base,
  stream: {
    readonly streamArn: string;
    readonly kind: 'kinesis' | 'dynamodb';
    readonly countBits: number;
    readonly openSource: () => StreamSource;
    readonly table: string;
    readonly column: string;
    readonly put: (id: string, row: string, amount: number) => Promise<void>;
    readonly consumer: Consumer;
  },
): Shop {
  const { dynamodb } = base;
  const { streamArn, kind, countBits } = stream;
  const clock = { now: Math.floor(Date.now() / 1_000) };
  const sentAt = new Map<string, number>();
  const timeOf = (record: SourceRecord): number => {
    const time = sentAt.get(idOf(record));
    if (time === undefined) {
      throw new Error('a record was not sent by this test');
    }
    return time;
  };
  const sums: Shop['sums'] = async (TableName, column) => {
    const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }));
    const key = tables[TableName as keyof typeof tables];
    return Object.fromEntries(Items.map((item) => [item[key]?.S ?? '', item[column]?.N ?? '0']));
  };
  return {
    ...base,
    streamArn,
    consumer: stream.consumer,
    clock,
    sums,
    async send(count) {
      for (let index = 0; index < count; index += 1) {
        const number = sentAt.size;
        if ((number + 1) * countBits > DIGITS_BITS_MAX) {
          throw new Error('a shop has no more digits for orders');
        }
        const id = `order-${number}`;
        sentAt.set(id, clock.now);
        // The digits of a sum say how often each order is in it.
        await stream.put(id, ROWS[number % ROWS.length] ?? '', 2 ** (number * countBits));
      }
    },
    enable: ({ checkpoints, latest = false, reportsFailures = false } = {}) =>
      startMapping({
        settings: {
          source: { kind, arn: streamArn, region: 'us-east-1' },
          functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:consumer',
          startingPosition: latest ? 'LATEST' : 'TRIM_HORIZON',
          batchSize: BATCH_SIZE,
          functionResponseTypes: reportsFailures ? ['ReportBatchItemFailures'] : [],
          behaviour: { rememberedBatchesMax: 1 },
        },
        source: stream.openSource(),
        timeOf,
        ...(checkpoints === undefined ? {} : { checkpoints }),
      }),
    async counts(table = stream.table, column = stream.column) {
      const values = Object.values(await sums(table, column));
      let total = values.reduce((sum, value) => sum + BigInt(value), 0n);
      return [...sentAt].map(() => {
        const count = Number(total % 2n ** BigInt(countBits));
        total >>= BigInt(countBits);
        return count;
      });
    },
  };
}

function idOf(record: SourceRecord): string {
  const { dynamodb, PartitionKey } = record as KinesisSourceRecord & {
    readonly dynamodb?: { readonly Keys?: { readonly Order?: { readonly S?: string } } };
  };
  return dynamodb?.Keys?.Order?.S ?? PartitionKey ?? '';
}
