import type { FaultKind, Violation } from '@oncefold/simulator';
import { type PipelineParts, type PipelineStage, simulatePipeline } from '../../src/index.ts';
import { firstViolations } from './first-violations.ts';

/** What would make a command, or what functions do for it, wrong. */
export interface PlantedDefect {
  readonly name: string;
  /** How many seeds were run, from 0, until one showed it. */
  readonly seeds: number;
  /** The only faults of these histories; absent: all. */
  readonly faults?: readonly FaultKind[];
  readonly kinds: readonly Violation['kind'][];
  readonly parts: PipelineParts;
}

/** Runs the last of the seeds, with the defect. */
export function violationsWith(
  { seeds, faults, parts }: PlantedDefect,
  stage: PipelineStage,
): Promise<readonly Violation[]> {
  return firstViolations(simulatePipeline(stage, { parts }), { from: seeds - 1, count: 1, faults });
}
