import { scanTable, type TableAccess } from '@oncefold/operations/tables';
import { counterNames, type OutcomeCounts, outcomes } from '@oncefold/trades';
import { UnreadableItemError } from './unreadable-item-error.ts';

/** Adds up the state function's own account of its records, over all shards. */
export async function readAccounting(access: TableAccess, table: string): Promise<OutcomeCounts> {
  const totals = { applied: 0, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 };
  for await (const items of scanTable(access, {
    table,
    attributes: ['Shard', ...Object.values(counterNames)],
  })) {
    for (const item of items) {
      for (const outcome of outcomes) {
        const count = Number(item[counterNames[outcome]]?.N ?? '0');
        if (!Number.isSafeInteger(count) || count < 0) {
          const reason = `${counterNames[outcome]} is not a whole number`;
          throw new UnreadableItemError(table, item['Shard']?.S ?? '', reason);
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
