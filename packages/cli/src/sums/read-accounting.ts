import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { scanTable } from './scan-table.ts';
import { UnreadableItemError } from './unreadable-item-error.ts';

/** The outcomes that a record can end with, each exactly one of them. */
export const outcomes = ['applied', 'duplicate', 'stale', 'conflict', 'quarantined'] as const;

export type Outcome = (typeof outcomes)[number];

/** How many records ended with which outcome. */
export type Accounting = Readonly<Record<Outcome, number>>;

const attributeOf: Record<Outcome, string> = {
  applied: 'Applied',
  duplicate: 'Duplicate',
  stale: 'Stale',
  conflict: 'Conflict',
  quarantined: 'Quarantined',
};

/**
 * Adds up the state function's own account of its records, over all shards.
 *
 * @param options.client - client of the account or engine that holds the table
 * @returns the number of records per outcome
 * @throws {@link UnreadableItemError} when a counter is no whole number
 */
export async function readAccounting(options: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly signal?: AbortSignal | undefined;
}): Promise<Accounting> {
  const totals = { applied: 0, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 };
  for await (const items of scanTable({ ...options, attributes: ['Shard', ...Object.values(attributeOf)] })) {
    for (const item of items) {
      for (const outcome of outcomes) {
        const count = Number(item[attributeOf[outcome]]?.N ?? '0');
        if (!Number.isSafeInteger(count) || count < 0) {
          const reason = `${attributeOf[outcome]} is not a whole number`;
          throw new UnreadableItemError(options.table, item['Shard']?.S ?? '', reason);
        }
        totals[outcome] += count;
      }
    }
  }
  return totals;
}

/**
 * How many records the account holds.
 *
 * @param accounting - records per outcome
 * @returns their sum; once every record has its outcome it equals what was sent
 */
export function sumOfAccounting(accounting: Accounting): number {
  return outcomes.reduce((sum, outcome) => sum + accounting[outcome], 0);
}
