import {
  type AttributeValue,
  CreateTableCommand,
  type DynamoDBClient,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { formatContribution, mergeContributions, parseContribution } from '@oncefold/reducer';
import type { Context, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { vi } from 'vitest';

export const SHARD_ID = 'shardId-1';
export const SOURCE =
  'arn:aws:dynamodb:us-east-1:000000000000:table/StateTable/stream/2025-11-23T08:00:00.000';
export const context = { getRemainingTimeInMillis: () => 30_000, awsRequestId: 'r' } as Context;

export type Handler = typeof import('../../src/handler.ts').handler;
export type Image = NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>;

const tables = {
  REDUCE_TABLE: ['MessageId'],
  POSITION_TABLE: ['Position'],
  LEDGER_TABLE: ['Marker'],
  QUARANTINE_TABLE: ['Source', 'Part'],
  PARAMETER_TABLE: ['parameter'],
  RECOUNT_TABLE: ['Identifier'],
} as const;

/** Creates the tables of the stage; each has the name of the variable that names it. */
export async function createTables(client: DynamoDBClient): Promise<void> {
  for (const [table, keys] of Object.entries(tables)) {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map((AttributeName) => ({
          AttributeName,
          AttributeType: AttributeName === 'Part' ? 'N' : 'S',
        })),
        KeySchema: keys.map((AttributeName, place) => ({
          AttributeName,
          KeyType: place === 0 ? 'HASH' : 'RANGE',
        })),
      }),
    );
  }
}

/** Starts a process of the function: its modules and what they remember are its own. */
export async function startHandler(variables: Readonly<Record<string, string>>): Promise<Handler> {
  for (const table of Object.keys(tables)) {
    process.env[table] = table;
  }
  Object.assign(process.env, {
    CONSUMER: 'map',
    NAMESPACE: 'test',
    STRATEGY: 'checkpoint',
    PARALLELIZATION_FACTOR: '1',
    LEDGER_RETENTION_SECONDS: '3600',
    HIERARCHY_DIMENSIONS: 'RiskType,TradeDesk,Region',
    INDUCED_FAILURES: 'false',
    POWERTOOLS_METRICS_NAMESPACE: 'Oncefold',
    POWERTOOLS_SERVICE_NAME: 'map',
    AWS_REGION: 'us-east-1',
    ...variables,
  });
  vi.resetModules();
  return (await import('../../src/handler.ts')).handler;
}

/** Of every record: now, because a guard refuses what is older than it is kept. */
const CREATED_SECONDS = Math.floor(Date.now() / 1_000);

/** A new item of the state table, as a record of its stream. */
export function insert(sequence: number, image: Image): DynamoDBRecord {
  const id = { S: `trade-${sequence}` };
  return {
    eventID: `event-${sequence}`,
    eventName: 'INSERT',
    eventSource: 'aws:dynamodb',
    eventSourceARN: SOURCE,
    dynamodb: {
      Keys: { id },
      SequenceNumber: String(sequence).padStart(21, '0'),
      ApproximateCreationDateTime: CREATED_SECONDS,
      NewImage: { id, ...image },
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  };
}

/** A change of an item of the state table, as a record of its stream. */
export function modify(sequence: number, { before, after }: { before: Image; after: Image }): DynamoDBRecord {
  const record = insert(sequence, after);
  return {
    ...record,
    eventName: 'MODIFY',
    dynamodb: { ...record.dynamodb, OldImage: { ...record.dynamodb?.Keys, ...before } },
  };
}

/** Attributes of a trade besides its id. */
export function trade(options: { value: string; desk?: string; region?: string }): Image {
  const { value, desk = 'FXSpot', region = 'EMEA' } = options;
  return {
    Version: { N: '0' },
    Value: { N: value },
    Hierarchy: { S: JSON.stringify({ Region: region, RiskType: 'PV', TradeDesk: desk }) },
    Timestamp: { N: '1763884800' },
    Dimensions: { S: '["RiskType","TradeDesk","Region"]' },
  };
}

/** An event of a mapping with a tumbling window, which names the shard. */
export function windowed(records: readonly DynamoDBRecord[]): DynamoDBStreamEvent {
  return {
    Records: records,
    shardId: SHARD_ID,
    state: {},
    window: {},
    isFinalInvokeForWindow: false,
  } as never;
}

export async function itemsOf(
  client: DynamoDBClient,
  table: string,
): Promise<Record<string, AttributeValue>[]> {
  const items: Record<string, AttributeValue>[] = [];
  for await (const page of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    items.push(...(page.Items ?? []));
  }
  return items;
}

/** What all rows of sums add up to. */
export async function sumsOf(client: DynamoDBClient): Promise<Readonly<Record<string, string>>> {
  const rows = await itemsOf(client, 'REDUCE_TABLE');
  const sums = mergeContributions(rows.map((row) => parseContribution(row['Message']?.S ?? '')));
  return JSON.parse(formatContribution(sums));
}
