import {
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { type Decimal, type Hierarchy, parseSum, zero } from '@oncefold/reducer';
import { MESSAGE_COUNT } from '@oncefold/trades';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import { type ComparedSum, compareSum, compareSums } from '../sums/compare-sums.ts';
import { readAccounting } from '../sums/read-accounting.ts';
import { readAggregates } from '../sums/read-aggregates.ts';
import { type NoTrades, type RecomputedSums, recomputeSums } from './recompute-sums.ts';

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

/** What a check found. */
export interface CheckResult {
  /** Whether every sum that can be compared is exactly what the trades add up to. */
  readonly exact: boolean;
  /** All nodes that either side knows, in the order of their text. */
  readonly nodes: readonly ComparedSum[];
  readonly messageCount: CheckedMessageCount;
  /** How many trades the state table holds. */
  readonly tradeCount: number;
  /** Items of the state table that are no trades. */
  readonly noTrades: NoTrades;
}

/**
 * Recomputes every aggregate from the trades in the state table and compares with what is in the aggregate
 * table, exactly.
 *
 * Nothing in the tables says how many messages made the trades what they are, so the row `message_count` is
 * compared with the state function's own account, where that account covers every trade. The account no longer knows
 * records whose trade had eight more versions, or was removed, between their write and their count, and has them as
 * stale; a difference that this can explain is a difference all the same, and the result says so.
 */
export async function checkPipeline(options: {
  readonly client: DynamoDBClient;
  readonly tables: CheckedTables;
  readonly hierarchy: Hierarchy;
  readonly signal?: AbortSignal | undefined;
}): Promise<CheckResult> {
  const { client, tables, signal } = options;
  await assertTableExists(client, tables.state, signal);
  await assertTableExists(client, tables.aggregate, signal);
  const recomputed = await recomputeSums({ ...options, table: tables.state });
  const actual = await readAggregates({ client, table: tables.aggregate, signal });
  const actualCount = actual.get(MESSAGE_COUNT) ?? zero;
  actual.delete(MESSAGE_COUNT);
  const nodes = compareSums(recomputed.nodes, actual);
  const messageCount = await checkMessageCount({ ...options, recomputed, actual: actualCount });
  const countIsRight = messageCount.code === 'not-comparable' || messageCount.difference === 0n;
  return {
    exact: countIsRight && nodes.every((node) => node.difference === 0n),
    nodes,
    messageCount,
    tradeCount: recomputed.tradeCount,
    noTrades: recomputed.noTrades,
  };
}

async function checkMessageCount(options: {
  readonly client: DynamoDBClient;
  readonly tables: CheckedTables;
  readonly recomputed: RecomputedSums;
  readonly actual: Decimal;
  readonly signal?: AbortSignal | undefined;
}): Promise<CheckedMessageCount> {
  const { client, tables, recomputed, actual, signal } = options;
  const foreign = recomputed.tradeCount - recomputed.writtenByPipeline;
  if (foreign > 0) {
    const reason = `${foreign} of ${recomputed.tradeCount} trades were not written by the state function`;
    return { code: 'not-comparable', reason, actual };
  }
  try {
    const accounting = await readAccounting({ client, table: tables.accounting, signal });
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

/** A scan of a missing table does not say which table it is. */
async function assertTableExists(
  client: DynamoDBClient,
  table: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await client.send(new DescribeTableCommand({ TableName: table }), signal ? { abortSignal: signal } : {});
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) {
      throw error;
    }
    throw new CouldNotRunError(`there is no table ${table}`, { cause: error });
  }
}
