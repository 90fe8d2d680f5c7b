import { type Decimal, parseSum, zero } from '@oncefold/reducer';
import { MESSAGE_COUNT, type Outcome, type OutcomeCounts } from '@oncefold/trades';
import type { Bounds, Truth } from '@oncefold/workshop';
import { type ComparedSum, compareSum, compareSums } from '../sums/compare-sums.ts';
import { sumOfAccounting } from '../sums/read-accounting.ts';
import type { Verdict } from './demo-result.ts';

/** What the tables say at one moment, against what was sent. */
export interface Judgement {
  /** Every node, and last the count of applied messages. */
  readonly sums: readonly ComparedSum[];
  /** Whether the outcomes add up to what was sent. */
  readonly closes: boolean;
  /** Whether every sum is exactly right. */
  readonly isExact: boolean;
  /** Outcomes that what was sent cannot have, each in words. */
  readonly impossibleOutcomes: readonly string[];
}

/**
 * Compares what is in the tables with what was sent.
 *
 * The nodes are compared with the sums that the sender made for itself. How many messages were applied depends on
 * the order in which versions of a trade arrived; so the reduce function's count is compared with the state
 * function's own account, which is committed apart from it.
 */
export function judge(options: {
  readonly truth: Truth;
  readonly actual: ReadonlyMap<string, Decimal>;
  readonly accounting: OutcomeCounts;
}): Judgement {
  const { truth, accounting } = options;
  const actual = new Map(options.actual);
  const count = actual.get(MESSAGE_COUNT) ?? zero;
  actual.delete(MESSAGE_COUNT);
  const applied = parseSum(String(accounting.applied));
  const expected = new Map([...truth.nodes].map(([node, sum]) => [node, parseSum(sum)]));
  const sums = [...compareSums(expected, actual), compareSum(MESSAGE_COUNT, applied, count)];
  return {
    sums,
    closes: sumOfAccounting(accounting) === truth.sent,
    isExact: sums.every((sum) => sum.difference === 0n),
    impossibleOutcomes: impossibleOutcomes(truth, accounting),
  };
}

/** An account may add up and still be wrong: what can be known of each outcome beforehand must hold, too. */
function impossibleOutcomes(truth: Truth, accounting: OutcomeCounts): readonly string[] {
  const bounds: readonly [Outcome, Bounds][] = [
    ['applied', truth.applied],
    ['conflict', truth.conflict],
    ['quarantined', { least: truth.invalid, most: truth.invalid }],
  ];
  return bounds.flatMap(([outcome, { least, most }]) => {
    const count = accounting[outcome];
    if (count >= least && count <= most) {
      return [];
    }
    return [`${count} ${outcome}, where ${least === most ? least : `${least} to ${most}`} are possible`];
  });
}

/** Says what a judgement means. */
export function verdictOf(judgement: Judgement, isFinished: boolean): Verdict {
  if (!isFinished || !judgement.closes) {
    return 'not finished';
  }
  return judgement.isExact && judgement.impossibleOutcomes.length === 0 ? 'exact' : 'wrong';
}
