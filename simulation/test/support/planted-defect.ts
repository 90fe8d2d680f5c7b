import type { FaultKind, Violation } from '@oncefold/simulator';
import type { PipelineParts } from '../../src/index.ts';

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
