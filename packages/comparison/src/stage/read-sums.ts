import { type AttributeValue, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { parseContribution, parseSum } from '@oncefold/reducer';
import type { StageCode } from '../report/comparison-report.ts';
import { Sums } from '../stage-input/sums.ts';

/** Reads the result of a stage: the aggregates, or the totals of all rows of sums. */
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
