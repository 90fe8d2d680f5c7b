import type { AggregateTable } from './aggregate-table.ts';
import type { Effect } from './effect.ts';
import { StrategyError } from './errors.ts';

/** What is read of a table. */
type Part = Effect & Pick<AggregateTable, 'keyPrefix'>;

/**
 * Commits to several tables, or to several kinds of items of one table, as one effect.
 *
 * @param tables - 1 or more that {@link aggregateTable} has made; each contribution goes to the one whose `add` has made it
 * @returns the effect, of at most 99 items in one transaction
 * @throws {@link StrategyError} when there is none, or two have one table and one key
 *
 * @example
 * ```ts
 * import { aggregateTable, combineTables } from '@oncefold/commit';
 *
 * const measures = ['views'] as const;
 * const days = aggregateTable({ table: 'PageViews', key: { PK: 'PAGE#{page}', SK: 'DAY#{day}' }, measures });
 * const totals = aggregateTable({ table: 'PageViews', key: { PK: 'PAGE#{page}', SK: 'TOTAL' }, measures });
 * export const effect = combineTables(days, totals);
 * ```
 */
export function combineTables(...tables: readonly Part[]): Effect {
  // Other names of their parts make no other keys.
  const keys = new Set(tables.map(({ keyPrefix }) => keyPrefix?.replaceAll(/\{\w+\}/g, '{}')));
  if (tables.length === 0 || keys.size < tables.length || keys.has(undefined as never)) {
    throw new StrategyError(
      'combineTables takes one or more of aggregateTable, each of another table or key',
    );
  }
  const tableOf = (key: string): Part | undefined =>
    tables.find(({ keyPrefix }) => key.startsWith(keyPrefix));
  return {
    keysMax: Math.min(...tables.map(({ keysMax }) => keysMax)),
    actionCount: (keyCount) => keyCount,
    bytesOf: (key) => tableOf(key)?.bytesOf(key) ?? 0,
    whyRefused: (key, sum) => {
      const table = tableOf(key);
      return table === undefined
        ? {
            code: 'misuse',
            reason:
              'the key is of none of the tables: make contributions with the add of the effect that commits them',
          }
        : table.whyRefused(key, sum);
    },
    actions: (delta, group) => {
      const parts = Map.groupBy(delta, ([key]) => tableOf(key));
      return tables.flatMap((table) => table.actions(new Map(parts.get(table)), group));
    },
  };
}
