import { scanTable, type TableAccess } from '@oncefold/operations/tables';
import { type Contribution, type Decimal, type Hierarchy, sumContributions } from '@oncefold/reducer';
import { contributionOfTradeChange, recountOfPost, stateImageOf, tradeFromImage } from '@oncefold/trades';
import { type Candidate, createCandidateFinder } from './candidates.ts';

/** What the trades in the state table add up to. */
export interface RecomputedSums {
  /** The sum of each node. */
  readonly nodes: ReadonlyMap<string, Decimal>;
  readonly tradeCount: number;
  /** Items that are no trades, which the map function quarantines and adds nothing for. */
  readonly noTrades: NoTrades;
  /** How many of them the state function wrote, as their attribute `RecordId` shows. */
  readonly writtenByPipeline: number;
  /** Trades that alone explain a difference. */
  readonly candidates: readonly Candidate[];
}

/** How many items are no trades, and what is wrong with the first of them. */
export interface NoTrades {
  readonly count: number;
  readonly first: string | undefined;
}

const attributes = ['id', 'Version', 'Value', 'Hierarchy', 'Timestamp', 'Dimensions', 'RecordId'] as const;

/**
 * Adds up every trade in the state table anew, each by the dimensions that it was added by, with the code that the map
 * function folds with.
 *
 * @param options.differences - differences of sums that were found before, by key; trades that explain them are looked for
 */
export async function recomputeSums(
  access: TableAccess,
  options: {
    readonly table: string;
    readonly hierarchy: Hierarchy;
    readonly differences: ReadonlyMap<string, Decimal>;
  },
): Promise<RecomputedSums> {
  const { table, hierarchy, differences } = options;
  let sums: Contribution = new Map();
  const added: Contribution[] = [];
  const finder = createCandidateFinder(differences);
  let tradeCount = 0;
  let writtenByPipeline = 0;
  let noTrades: NoTrades = { count: 0, first: undefined };
  for await (const items of scanTable(access, { table, attributes })) {
    for (const item of items) {
      const read = tradeFromImage(stateImageOf(item), hierarchy);
      if (read.code === 'invalid' && recountOfPost(item) !== undefined) {
        continue;
      }
      if (read.code === 'invalid') {
        const first =
          noTrades.first ??
          `${JSON.stringify(item['id']?.S ?? '')}: ${read.reason} ${read.field ?? ''}`.trimEnd();
        noTrades = { count: noTrades.count + 1, first };
        continue;
      }
      const contribution = contributionOfTradeChange(undefined, read.trade);
      added.push(contribution);
      finder.look(read.trade, contribution);
      tradeCount += 1;
      if (item['RecordId']?.S !== undefined) {
        writtenByPipeline += 1;
      }
    }
    sums = sumContributions([sums, ...added.splice(0)]);
  }
  const nodes = new Map(sums);
  for (const name of hierarchy.reserved) {
    nodes.delete(name);
  }
  return { nodes, tradeCount, noTrades, writtenByPipeline, candidates: finder.candidates() };
}
