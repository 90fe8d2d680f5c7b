import { commitCoverage, findMissed } from '@oncefold/simulator';
import type { SimulateOptions } from './simulate-options.ts';
import type { SimulationSource } from './simulations/simulation-source.ts';
import type { Tally } from './workers/worker-messages.ts';

/** With fewer histories it is chance what is met. */
const HISTORIES_MIN = 1_000;

/**
 * Names what a run should have met and has not.
 *
 * @returns nothing for a short run, for one with chosen faults, and where it is not known what must be met
 */
export function findMissedCoverage(
  source: SimulationSource,
  tally: Tally,
  { faults }: Pick<SimulateOptions, 'faults'>,
): readonly string[] {
  const isJudged = tally.histories >= HISTORIES_MIN && faults === undefined;
  return isJudged && source.kind === 'stage' && source.stage === 'commit' && source.strategy !== undefined
    ? findMissed(tally, commitCoverage(source.strategy))
    : [];
}
