import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { systemOperationsClock } from '@oncefold/operations/tables';
import { addDecimals, type Decimal, parseSum, zero } from '@oncefold/reducer';
import { MESSAGE_COUNT } from '@oncefold/trades';
import type { Round } from '@oncefold/workshop';
import type { SumsSource } from '../live-page/tables/sums-source.ts';
import { type ComparedSum, compareSum, compareSums } from '../sums/compare-sums.ts';
import { readAggregates } from '../sums/read-aggregates.ts';

/** What the page compares with during a round: every row before it, and by how much each must grow. */
export function sumsOfRound(
  round: Round,
  options: {
    readonly client: DynamoDBClient;
    readonly table: string;
    /** Whether every message of the round is sent. */
    readonly isSent: () => boolean;
  },
): SumsSource {
  return {
    describe: (time) => `Compared at ${time} with the rows before the round and what it sends`,
    isCostly: false,
    isComplete: options.isSent,
    compare: async (signal) => {
      const access = { client: options.client, clock: systemOperationsClock, signal };
      return compareRound(round, await readAggregates(access, options.table));
    },
  };
}

/** The order of arrival decides how many changes are applied: any number within the round's bounds is right. */
export function compareRound(
  { before, growth, applied }: Pick<Round, 'before' | 'growth' | 'applied'>,
  actual: ReadonlyMap<string, Decimal>,
): readonly ComparedSum[] {
  const expected = new Map(before);
  for (const [key, amount] of growth) {
    expected.set(key, addDecimals(expected.get(key) ?? zero, amount));
  }
  const nodes = new Map(actual);
  nodes.delete(MESSAGE_COUNT);
  expected.delete(MESSAGE_COUNT);
  const count = actual.get(MESSAGE_COUNT) ?? zero;
  const countBefore = before.get(MESSAGE_COUNT) ?? zero;
  const least = addDecimals(countBefore, parseSum(String(applied.least)));
  const most = addDecimals(countBefore, parseSum(String(applied.most)));
  const bound = count < least ? least : most;
  const isRight = count >= least && count <= most;
  return [...compareSums(expected, nodes), compareSum(MESSAGE_COUNT, isRight ? count : bound, count)];
}
