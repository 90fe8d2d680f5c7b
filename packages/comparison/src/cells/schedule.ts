import { type SeededDraw, shuffled } from '@oncefold/local-runtime';
import type { FaultCode, TransactionsCode } from '../report/comparison-report.ts';
import type { StageInput } from '../stage-input/stage-input.ts';
import type { Slice } from './cell-run.ts';
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

/** Batches that go through untouched, beside those of its scenarios, in a cell that takes no more than it needs. */
const UNTOUCHED_BATCHES = 3;
/** Room for every scenario of {@link scenariosOf} `everything`, and some batches that go through untouched. */
const BATCHES_MIN = 14;

/** What happens from one batch on: a scenario, or nothing. */
export interface Step {
  readonly batch: number;
  /** Absent: the batch simply goes through. */
  readonly scenario?: FaultScenario;
}

/**
 * Cuts the records of a stage into batches of about equal length, as its mapping does when nothing goes wrong.
 *
 * @throws when there are fewer records than {@link BATCHES_MIN} batches of two need
 */
export function cutBatches(work: StageInput): Slice[] {
  const { length } = work.records;
  if (length < 2 * BATCHES_MIN) {
    throw new Error(`invariant: ${length} records are too few for ${BATCHES_MIN} batches`);
  }
  const count = Math.max(BATCHES_MIN, Math.ceil(length / work.batchRecordsMax));
  return Array.from({ length: count }, (_, at) => ({
    from: Math.floor((at * length) / count),
    to: Math.floor(((at + 1) * length) / count),
  }));
}

/**
 * Says which scenarios a fault is made of.
 *
 * @param options.transactions - what a batch needs: only between several transactions can a function be killed
 * @param options.quick - each kind once instead of twice
 */
export function scenariosOf(
  fault: FaultCode,
  options: { readonly transactions: TransactionsCode; readonly quick: boolean; readonly draw: SeededDraw },
): readonly FaultScenario[] {
  const { transactions, quick, draw } = options;
  const cuts = transactions === 'one' ? [split, merged] : [split, merged, splitAfterCrash];
  const often = (...scenarios: FaultScenario[]): FaultScenario[] =>
    quick ? scenarios : scenarios.concat(scenarios);
  switch (fault) {
    case 'none':
      return [];
    case 'same-batch':
      return often(sameBatch);
    case 'crash':
      return often(crash);
    case 'reply-lost':
      return often(replyLost);
    case 'token-window':
      return often(tokenWindow);
    case 'regrouped':
      return often(...cuts);
    case 'two-pollers':
      return often(twoPollers);
    case 'zombie':
      return often(zombie);
    case 'throttling':
      return often(throttling);
    case 'changed-arithmetic':
      return [changedArithmetic(quick ? 1 : 2)];
    case 'everything':
      return shuffled(
        [
          sameBatch,
          crash,
          replyLost,
          tokenWindow,
          ...cuts,
          twoPollers,
          zombie,
          throttling,
          changedArithmetic(1),
        ],
        draw,
        'order',
      );
  }
}

/**
 * Takes of the batches of a stage those that a cell works on: all, or where they are large or time is short as many as it needs.
 *
 * @param options.transactions - what a batch needs
 */
export function batchesOf(
  batches: readonly Slice[],
  scenarios: readonly FaultScenario[],
  options: { readonly transactions: TransactionsCode; readonly quick: boolean },
): readonly Slice[] {
  if (options.transactions === 'one' && !options.quick) {
    return batches;
  }
  return batches.slice(0, widthOf(scenarios) + UNTOUCHED_BATCHES);
}

/**
 * Places scenarios among the batches, in their order; the places depend on the draw alone.
 *
 * @param options.warmUps - so many batches go through before the first scenario, at least
 * @throws when there are fewer batches than the scenarios and the warm-ups need
 */
export function schedule(
  scenarios: readonly FaultScenario[],
  options: { readonly batches: number; readonly warmUps: number; readonly draw: SeededDraw },
): Step[] {
  const { batches, warmUps, draw } = options;
  const needed = widthOf(scenarios);
  const untouched = batches - needed;
  if (untouched < warmUps) {
    throw new Error(`invariant: ${batches} batches are too few for scenarios on ${needed}`);
  }
  const gaps = scenarios
    .map((_, at) => warmUps + draw(`gap:${at}`, untouched - warmUps + 1))
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
    batch += scenario.width;
  }
  passUntil(untouched);
  return steps;
}

function widthOf(scenarios: readonly FaultScenario[]): number {
  return scenarios.reduce((sum, { width }) => sum + width, 0);
}
