import { type SeededDraw, shuffled } from '@oncefold/local-runtime';
import type { FaultCode, TransactionsCode } from '../report/comparison-report.ts';
import type { Slice } from '../stage-input/stage-input.ts';
import {
  changedArithmetic,
  crash,
  type FaultScenario,
  merged,
  replyLost,
  sameBatch,
  split,
  splitAfterCrash,
  throttling,
  tokenWindow,
  twoPollers,
  zombie,
} from './fault-scenarios.ts';

/** Batches without a fault in a cell that takes only as many batches as it needs. */
const BATCHES_WITHOUT_FAULT = 3;

/** One step of a cell. */
export interface Step {
  readonly batch: number;
  /** Absent: the batch is delivered without a fault. */
  readonly scenario?: FaultScenario;
}

type RepeatedFault = Exclude<FaultCode, 'none' | 'changed-arithmetic' | 'everything'>;

/** Lists the scenarios of a fault. */
export function scenariosOf(
  fault: FaultCode,
  options: { readonly transactions: TransactionsCode; readonly quick: boolean; readonly draw: SeededDraw },
): readonly FaultScenario[] {
  const { transactions, quick, draw } = options;
  const scenarios: Readonly<Record<RepeatedFault, readonly FaultScenario[]>> = {
    'same-batch': [sameBatch],
    crash: [crash],
    'reply-lost': [replyLost],
    'token-window': [tokenWindow],
    regrouped: transactions === 'one' ? [split, merged] : [split, merged, splitAfterCrash],
    'two-pollers': [twoPollers],
    zombie: [zombie],
    throttling: [throttling],
  };
  switch (fault) {
    case 'none':
      return [];
    case 'changed-arithmetic':
      return [changedArithmetic(quick ? 1 : 2)];
    case 'everything':
      return shuffled([...Object.values(scenarios).flat(), changedArithmetic(1)], draw, 'order');
    default:
      return quick ? scenarios[fault] : [...scenarios[fault], ...scenarios[fault]];
  }
}

/** Selects the batches of a cell: all, or where batches are large or time is short only as many as it needs. */
export function batchesOf(
  batches: readonly Slice[],
  scenarios: readonly FaultScenario[],
  options: { readonly transactions: TransactionsCode; readonly quick: boolean },
): readonly Slice[] {
  if (options.transactions === 'one' && !options.quick) {
    return batches;
  }
  return batches.slice(0, batchCountOf(scenarios) + BATCHES_WITHOUT_FAULT);
}

/**
 * Places scenarios among the batches, in their order; the places depend on the draw alone.
 *
 * @param options.warmUps - how many batches are delivered before the first scenario, at least
 */
export function schedule(
  scenarios: readonly FaultScenario[],
  options: { readonly batches: number; readonly warmUps: number; readonly draw: SeededDraw },
): Step[] {
  const { batches, warmUps, draw } = options;
  const needed = batchCountOf(scenarios);
  const withoutFault = batches - needed;
  if (withoutFault < warmUps) {
    throw new Error(`invariant: ${batches} batches are too few for scenarios on ${needed}`);
  }
  const gaps = scenarios
    .map((_, at) => warmUps + draw(`gap:${at}`, withoutFault - warmUps + 1))
    .sort((one, other) => one - other);
  const steps: Step[] = [];
  let batch = 0;
  let passed = 0;
  const passUntil = (gap: number): void => {
    for (; passed < gap; passed += 1, batch += 1) {
      steps.push({ batch });
    }
  };
  for (const [at, scenario] of scenarios.entries()) {
    passUntil(gaps[at] ?? 0);
    steps.push({ batch, scenario });
    batch += scenario.batchCount;
  }
  passUntil(withoutFault);
  return steps;
}

function batchCountOf(scenarios: readonly FaultScenario[]): number {
  return scenarios.reduce((sum, { batchCount }) => sum + batchCount, 0);
}
