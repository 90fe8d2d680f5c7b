import { type AttributeValue, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { createTable } from '@oncefold/local-runtime';
import { parseContribution, parseSum } from '@oncefold/reducer';
import type { StageCode } from '../report/comparison-report.ts';
import { Sums } from '../stage-input/sums.ts';
import type { StageResources } from './stage-resources.ts';

/** Creates the tables that a stage writes to, with the template's keys, and without what costs time and changes no sum. */
export async function createCellTables(
  client: DynamoDBClient,
  { tables }: StageResources,
  signal: AbortSignal,
): Promise<void> {
  for (const { logicalId, tableName, definition } of tables) {
    const { StreamSpecification: _, ...withoutStream } = definition;
    await createTable({ logicalId, tableName, definition: withoutStream }, client, signal);
  }
}

/**
 * Reads what stands at the end of a stage: the aggregates, or what all rows of sums add up to.
 *
 * @param table - name of the table that the stage writes its effect to
 * @throws when an item is not what the stage writes
 */
export async function readSums(
  client: DynamoDBClient,
  stage: StageCode,
  table: string,
  signal: AbortSignal,
): Promise<Sums> {
  const sums = new Sums();
  const pages = paginateScan({ client }, { TableName: table, ConsistentRead: true }, { abortSignal: signal });
  for await (const { Items } of pages) {
    for (const item of Items ?? []) {
      add(sums, stage, item);
    }
  }
  return sums;
}

function add(sums: Sums, stage: StageCode, item: Record<string, AttributeValue>): void {
  if (stage === 'reduce') {
    sums.add(textOf(item['Identifier']?.S), parseSum(textOf(item['Value']?.N)));
    return;
  }
  for (const [name, units] of parseContribution(textOf(item['Message']?.S))) {
    sums.add(name, units);
  }
}

function textOf(text: string | undefined): string {
  if (text === undefined) {
    throw new Error('an item lacks an attribute that its stage writes');
  }
  return text;
}
