import { findMissed, type Simulation } from '@oncefold/simulator';
import type { SimulateOptions } from './simulate-options.ts';
import type { Tally } from './workers/worker-messages.ts';

/** With fewer histories it is chance what is met. */
const HISTORIES_MIN = 1_000;

/**
 * Names what a run should have met and has not.
 *
 * @returns nothing for a short run, for one with chosen faults, and where it is not known what must be met
 */
export function findMissedCoverage(
  { coverage }: Pick<Simulation, 'coverage'>,
  tally: Tally,
  { faults }: Pick<SimulateOptions, 'faults'>,
): readonly string[] {
  const isJudged = tally.histories >= HISTORIES_MIN && faults === undefined;
  return isJudged && coverage !== undefined ? findMissed(tally, coverage) : [];
}
