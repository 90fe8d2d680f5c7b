import type { FaultId, FaultKind } from '@oncefold/simulator';
import type { StageName, StrategyName } from './simulations/simulation-names.ts';

/** Names a history of a small world. */
export interface WorldHistory {
  readonly world: number;
  /** Of the decisions that there are at each point, the one that is taken. */
  readonly choices: readonly number[];
}

/** What `oncefold simulate` takes. */
export interface SimulateOptions {
  /** How many histories are run, from 1. */
  readonly seeds: number;
  /** The first of consecutive seeds; drawn if absent. */
  readonly baseSeed?: number;
  /** Replays this one history instead. */
  readonly seed?: number;
  readonly stage: StageName;
  readonly strategy?: StrategyName;
  /** File with a simulation of one's own, instead of a stage. */
  readonly module?: string;
  /** Kinds that may happen; by default all. */
  readonly faults?: readonly FaultKind[];
  /** Threads; by default one for each core. */
  readonly workers?: number;
  /** All small worlds instead of drawn histories. */
  readonly exhaustive: boolean;
  /** Replays one history of a small world: the world's number and the choices in it. */
  readonly world?: WorldHistory;
  readonly json: boolean;
  /** Show the timeline page in a browser. */
  readonly open: boolean;
  /** Where the timeline page is written. */
  readonly output?: string;
  /** Of a replayed history: the only faults and records, and the most of everything else. */
  readonly keepFaults?: readonly FaultId[];
  readonly keepRecords?: readonly number[];
  readonly streams?: number;
  readonly shards?: number;
  readonly processes?: number;
  readonly keys?: number;
  readonly programs?: number;
}
