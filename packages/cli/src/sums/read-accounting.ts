import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { counterNames, type OutcomeCounts, outcomes } from '@oncefold/trades';
import { scanTable } from './scan-table.ts';
import { UnreadableItemError } from './unreadable-item-error.ts';

/** Adds up the state function's own account of its records, over all shards. */
export async function readAccounting(options: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly signal?: AbortSignal | undefined;
}): Promise<OutcomeCounts> {
  const totals = { applied: 0, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 };
  for await (const items of scanTable({
    ...options,
    attributes: ['Shard', ...Object.values(counterNames)],
  })) {
    for (const item of items) {
      for (const outcome of outcomes) {
        const count = Number(item[counterNames[outcome]]?.N ?? '0');
        if (!Number.isSafeInteger(count) || count < 0) {
          const reason = `${counterNames[outcome]} is not a whole number`;
          throw new UnreadableItemError(options.table, item['Shard']?.S ?? '', reason);
        }
        totals[outcome] += count;
      }
    }
  }
  return totals;
}

/** How many records the account holds. */
export function sumOfAccounting(accounting: OutcomeCounts): number {
  return outcomes.reduce((sum, outcome) => sum + accounting[outcome], 0);
}
