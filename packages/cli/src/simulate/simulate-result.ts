import type { FaultKind, Scenario, Violation } from '@oncefold/simulator';
import type { SimulationSource } from './simulations/simulation-source.ts';
import type { Tally } from './workers/worker-messages.ts';

/** A history that goes wrong, as small as it got. */
export interface Finding {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** Made small: what is left of it. */
  readonly scenario: Scenario;
  /** Before and after. */
  readonly records: readonly [number, number];
  readonly faults: readonly [number, number];
  /** Histories that were tried for it. */
  readonly tries: number;
  /** The small history, one line a step. */
  readonly timeline: readonly string[];
  readonly replay: string;
  /** Where its page was written. */
  readonly page?: string;
}

/** What the histories of one simulation have come to. */
export interface SimulationRun {
  readonly source: SimulationSource;
  /** Whether it promises to be exact. */
  readonly promise: 'exact' | 'none';
  /** Time of the run in milliseconds, without that of loading the program. */
  readonly elapsedMs: number;
  readonly tally: Tally;
  /** What so many histories should have met, and have not: blind spots. */
  readonly missed: readonly string[];
  /** What is wrong with the first violating seed. */
  readonly finding?: Finding;
}

/** What `oncefold simulate` has come to. */
export interface SimulateResult {
  readonly baseSeed: number;
  readonly seeds: number;
  readonly faults: readonly FaultKind[] | undefined;
  readonly workers: number;
  /** Ended before all histories were run. */
  readonly isInterrupted: boolean;
  readonly runs: readonly SimulationRun[];
}

/** Whether a promise was broken, or whether the run has a blind spot. */
export function isBroken({ runs }: Pick<SimulateResult, 'runs'>): boolean {
  return runs.some(
    ({ promise, tally, missed }) => (promise === 'exact' && tally.violating.count > 0) || missed.length > 0,
  );
}
