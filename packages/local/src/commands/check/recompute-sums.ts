import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type Contribution,
  contributionOfTradeChange,
  type Decimal,
  type Hierarchy,
  mergeContributions,
  stateImageOf,
  tradeFromImage,
} from '@oncefold/reducer';
import { scanTable, type TableItem } from './scan-table.ts';
import { UnreadableItemError } from './unreadable-item-error.ts';

/** What the trades that stand in the state table add up to. */
export interface RecomputedSums {
  /** The sum of each node. */
  readonly nodes: ReadonlyMap<string, Decimal>;
  /** How many trades were read. */
  readonly tradeCount: number;
  /** How many of them the state function wrote, as their attribute `RecordId` shows. */
  readonly writtenByPipeline: number;
}

const attributes = ['id', 'Version', 'Value', 'Hierarchy', 'Timestamp', 'Dimensions', 'RecordId'] as const;

/**
 * Adds up every trade in the state table anew, each by the dimensions that it was added by, with the code that the map
 * function folds with.
 *
 * @param options.client - Client of the account or engine that holds the table.
 * @param options.table - Name of the state table.
 * @param options.hierarchy - Dimensions that trades are rolled up by whose items record none; the map function's setting.
 * @param options.signal - Ends the scan.
 * @returns The sums, exactly; memory grows with the number of nodes, not of trades.
 * @throws {@link UnreadableItemError} when an item is no valid trade.
 */
export async function recomputeSums(options: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly hierarchy: Hierarchy;
  readonly signal?: AbortSignal | undefined;
}): Promise<RecomputedSums> {
  const { table, hierarchy } = options;
  let sums: Contribution = new Map();
  let tradeCount = 0;
  let writtenByPipeline = 0;
  for await (const items of scanTable({ ...options, attributes })) {
    sums = mergeContributions([sums, ...items.map((item) => contributionOfItem(item, table, hierarchy))]);
    tradeCount += items.length;
    writtenByPipeline += items.filter((item) => item['RecordId']?.S !== undefined).length;
  }
  const nodes = new Map(sums);
  for (const name of hierarchy.reserved) nodes.delete(name);
  return { nodes, tradeCount, writtenByPipeline };
}

function contributionOfItem(item: TableItem, table: string, unrecorded: Hierarchy): Contribution {
  const read = tradeFromImage(stateImageOf(item), unrecorded);
  if (read.code === 'valid') return contributionOfTradeChange(undefined, read.trade);
  const field = read.field === undefined ? '' : ` (${read.field})`;
  throw new UnreadableItemError(table, item['id']?.S ?? '', `${read.reason}${field}`);
}
