import type { ScoredRound } from '@oncefold/workshop';

/** One round as it went here. */
export interface WorkshopRound extends ScoredRound {
  readonly messages: number;
  readonly seed: number;
  /** Whether failures were induced. */
  readonly withFailures: boolean;
  /** From the last message to the judgement, in milliseconds. */
  readonly judgedAfterMs: number;
}

/** How the workshop went. */
export interface WorkshopResult {
  readonly verdict: 'perfect' | 'failed';
  /** As ParameterTable has it. */
  readonly score: number;
  readonly seed: number;
  readonly rounds: readonly WorkshopRound[];
  readonly inducedFailures: number;
}
