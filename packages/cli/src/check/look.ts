import { type DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { foreignTest } from '@oncefold/operations/recount';
import type { TableAccess } from '@oncefold/operations/tables';
import { type Decimal, type Hierarchy, parseSum, zero } from '@oncefold/reducer';
import { isWithin, MESSAGE_COUNT } from '@oncefold/trades';
import { type ComparedSum, compareSum, compareSums } from '../sums/compare-sums.ts';
import { readAccounting } from '../sums/read-accounting.ts';
import { readAggregateRows } from '../sums/read-aggregates.ts';
import { type RecomputedSums, recomputeSums } from './recompute-sums.ts';

export interface CheckedTables {
  readonly state: string;
  readonly aggregate: string;
  readonly accounting: string;
}

/** The row that counts the applied messages, or why nothing can be said about it. */
export type CheckedMessageCount =
  | ({
      readonly code: 'compared';
      /** The count is higher than the account by no more than there are stale records: the account may be wrong instead. */
      readonly mayBeMiscounted: boolean;
    } & ComparedSum)
  | { readonly code: 'not-comparable'; readonly reason: string; readonly actual: Decimal };

/** The tables, read once from the beginning to the end. */
export interface Look {
  /** All nodes that either side knows, in the order of their text. */
  readonly nodes: readonly ComparedSum[];
  readonly messageCount: CheckedMessageCount;
  /** Rows at the path that were taken for another program's, and not compared. */
  readonly foreign: readonly string[];
  readonly recomputed: Omit<RecomputedSums, 'nodes'>;
}

/** What is looked at. */
export interface LookOptions {
  readonly tables: CheckedTables;
  readonly hierarchy: Hierarchy;
  /** The node that is checked with everything below it; absent: all. */
  readonly path?: string | undefined;
}

/**
 * Recomputes every aggregate from the trades in the state table and compares with what is in the aggregate
 * table, exactly.
 *
 * Nothing in the tables says how many messages made the trades what they are, so the row `message_count` is
 * compared with the state function's own account, where that account covers every trade. The account no longer knows
 * records whose trade had eight more versions, or was removed, between their write and their count, and has them as
 * stale; a difference that this can explain is a difference all the same, and the result says so.
 *
 * @param differences - what an earlier look has found; trades that explain it are looked for
 */
export async function lookAtTables(
  access: TableAccess & { readonly client: DynamoDBClient },
  options: LookOptions,
  differences: ReadonlyMap<string, Decimal>,
): Promise<Look> {
  const { tables, hierarchy, path } = options;
  const recomputed = await recomputeSums(access, { table: tables.state, hierarchy, differences });
  const { sums, unreadable } = await readAggregateRows(access, tables.aggregate);
  const actual = new Map(sums);
  const actualCount = actual.get(MESSAGE_COUNT) ?? zero;
  actual.delete(MESSAGE_COUNT);
  const isForeign = foreignTest(new Set(recomputed.nodes.keys()), [...actual.keys(), ...unreadable.keys()]);
  for (const [key, error] of unreadable) {
    if (!isForeign(key)) {
      throw error;
    }
  }
  const compared = compareSums(recomputed.nodes, actual);
  const isNode = ({ key, difference }: ComparedSum): boolean => difference === 0n || !isForeign(key);
  const foreign = [...compared.filter((sum) => !isNode(sum)).map(({ key }) => key), ...unreadable.keys()];
  return {
    nodes: compared.filter((sum) => isNode(sum) && isWithin(path, sum.key)),
    foreign: foreign.filter((key) => isWithin(path, key)),
    messageCount: await checkMessageCount(access, options, { recomputed, actual: actualCount }),
    recomputed,
  };
}

async function checkMessageCount(
  access: TableAccess,
  { tables, path }: LookOptions,
  { recomputed, actual }: { readonly recomputed: RecomputedSums; readonly actual: Decimal },
): Promise<CheckedMessageCount> {
  if (path !== undefined) {
    return { code: 'not-comparable', reason: 'it counts the messages of all paths', actual };
  }
  const foreign = recomputed.tradeCount - recomputed.writtenByPipeline;
  if (foreign > 0) {
    const reason = `${foreign} of ${recomputed.tradeCount} trades were not written by the state function`;
    return { code: 'not-comparable', reason, actual };
  }
  try {
    const accounting = await readAccounting(access, tables.accounting);
    const compared = compareSum(MESSAGE_COUNT, parseSum(String(accounting.applied)), actual);
    const mayBeMiscounted =
      compared.difference > 0n && compared.difference <= parseSum(String(accounting.stale));
    return { code: 'compared', ...compared, mayBeMiscounted };
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) {
      throw error;
    }
    return { code: 'not-comparable', reason: `there is no table ${tables.accounting}`, actual };
  }
}
