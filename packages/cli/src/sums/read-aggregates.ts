import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Decimal, parseSum } from '@oncefold/reducer';
import { scanTable } from './scan-table.ts';
import { UnreadableItemError } from './unreadable-item-error.ts';

/** Reads every sum in the aggregate table. */
export async function readAggregates(options: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly signal?: AbortSignal | undefined;
}): Promise<Map<string, Decimal>> {
  const sums = new Map<string, Decimal>();
  for await (const items of scanTable({ ...options, attributes: ['Identifier', 'Value'] })) {
    for (const item of items) {
      const key = item['Identifier']?.S ?? '';
      const text = item['Value']?.N;
      if (text === undefined) {
        throw new UnreadableItemError(options.table, key, 'Value is not a number');
      }
      try {
        sums.set(key, parseSum(text));
      } catch (error) {
        throw new UnreadableItemError(options.table, key, 'Value has more digits than a sum can have', {
          cause: error,
        });
      }
    }
  }
  return sums;
}
