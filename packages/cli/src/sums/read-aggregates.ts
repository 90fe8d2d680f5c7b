import { scanTable, type TableAccess } from '@oncefold/operations/tables';
import { type Decimal, parseSum } from '@oncefold/reducer';
import { UnreadableItemError } from './unreadable-item-error.ts';

/** What the aggregate table holds. */
export interface AggregateRows {
  readonly sums: ReadonlyMap<string, Decimal>;
  /** Rows that hold no sum, and why. */
  readonly unreadable: ReadonlyMap<string, UnreadableItemError>;
}

/** Reads every sum in the aggregate table. */
export async function readAggregates(access: TableAccess, table: string): Promise<Map<string, Decimal>> {
  const { sums, unreadable } = await readAggregateRows(access, table);
  for (const error of unreadable.values()) {
    throw error;
  }
  return new Map(sums);
}

/** Reads every row in the aggregate table, those of other programs too. */
export async function readAggregateRows(access: TableAccess, table: string): Promise<AggregateRows> {
  const sums = new Map<string, Decimal>();
  const unreadable = new Map<string, UnreadableItemError>();
  for await (const items of scanTable(access, { table, attributes: ['Identifier', 'Value'] })) {
    for (const item of items) {
      const key = item['Identifier']?.S ?? '';
      const text = item['Value']?.N;
      if (text === undefined) {
        unreadable.set(key, new UnreadableItemError(table, key, 'Value is not a number'));
        continue;
      }
      try {
        sums.set(key, parseSum(text));
      } catch (cause) {
        const reason = 'Value has more digits than a sum can have';
        unreadable.set(key, new UnreadableItemError(table, key, reason, { cause }));
      }
    }
  }
  return { sums, unreadable };
}
