import { type AttributeValue, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { parseContribution, parseSum } from '@oncefold/reducer';
import { createTable } from '../../deploy/create-table.ts';
import { Sums } from '../input/sums.ts';
import type { StageCode, StrategyCode } from '../report.ts';

/** Variables that tell a function its tables, as the template does. */
export const tableEnvironment: Readonly<Record<string, string>> = {
  STATE_TABLE: 'StateTable',
  REDUCE_TABLE: 'ReduceTable',
  AGGREGATE_TABLE: 'AggregateTable',
  PARAMETER_TABLE: 'ParameterTable',
  LEDGER_TABLE: 'LedgerTable',
  POSITION_TABLE: 'PositionTable',
  IDEMPOTENCY_TABLE: 'IdempotencyTable',
  QUARANTINE_TABLE: 'QuarantineTable',
  ACCOUNTING_TABLE: 'AccountingTable',
};

const guardTables: Readonly<Record<StrategyCode, readonly (readonly [string, string])[]>> = {
  none: [],
  'request-token': [],
  powertools: [['IdempotencyTable', 'id']],
  ledger: [['LedgerTable', 'Marker']],
  checkpoint: [['PositionTable', 'Position']],
};

/** Where a stage reads and where it writes. */
export const stageTables: Readonly<Record<StageCode, { readonly source: string; readonly sink: string }>> = {
  reduce: { source: 'ReduceTable', sink: 'AggregateTable' },
  map: { source: 'StateTable', sink: 'ReduceTable' },
};

/** Creates the tables that a stage under a strategy writes to, with the template's keys and without streams. */
export async function createCellTables(
  client: DynamoDBClient,
  cell: { readonly stage: StageCode; readonly strategy: StrategyCode },
  signal: AbortSignal,
): Promise<void> {
  const sink = cell.stage === 'reduce' ? ['AggregateTable', 'Identifier'] : ['ReduceTable', 'MessageId'];
  for (const [tableName = '', key = ''] of [sink, ...guardTables[cell.strategy]]) {
    const definition = {
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST' as const,
      AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' as const }],
      KeySchema: [{ AttributeName: key, KeyType: 'HASH' as const }],
    };
    await createTable({ logicalId: tableName, tableName, definition }, client, signal);
  }
}

/**
 * Reads what stands at the end of a stage: the aggregates, or what all rows of sums add up to.
 *
 * @throws when an item is not what the stage writes.
 */
export async function readSums(client: DynamoDBClient, stage: StageCode, signal: AbortSignal): Promise<Sums> {
  const sums = new Sums();
  const table = stageTables[stage].sink;
  const pages = paginateScan({ client }, { TableName: table, ConsistentRead: true }, { abortSignal: signal });
  for await (const { Items } of pages) {
    for (const item of Items ?? []) add(sums, stage, item);
  }
  return sums;
}

function add(sums: Sums, stage: StageCode, item: Record<string, AttributeValue>): void {
  if (stage === 'reduce') {
    sums.add(textOf(item['Identifier']?.S), parseSum(textOf(item['Value']?.N)));
    return;
  }
  for (const [name, units] of parseContribution(textOf(item['Message']?.S))) sums.add(name, units);
}

function textOf(text: string | undefined): string {
  if (text === undefined) throw new Error('an item lacks an attribute that its stage writes');
  return text;
}
