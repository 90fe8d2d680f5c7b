import type { Cell, ComparisonVersions, StageCode, UnitSource } from './report/comparison-report.ts';
import type { ComparisonEngine } from './stage/comparison-engine.ts';
import type { StageResourcesReader } from './stage/stage-resources.ts';

/** What the comparison runs on. */
export interface ComparisonEnvironment {
  /** Runs the cells, and without {@link ComparisonEnvironment.unitEngine} the overheads too. */
  readonly engine: ComparisonEngine;
  /** Runs the overheads if {@link ComparisonEnvironment.engine} does not report capacity as DynamoDB documents it. */
  readonly unitEngine?: ComparisonEngine;
  /** Absolute directories of the built functions. */
  readonly taskRoots: Readonly<Record<StageCode, string>>;
  readonly resources: StageResourcesReader;
  readonly versions: ComparisonVersions;
}

/** The engine that overheads are measured on, and where their units come from. */
export interface OverheadEngine {
  readonly engine: ComparisonEngine;
  readonly source: UnitSource;
}

/** A cell that has ended, or a batch size whose measurement begins. */
export type ComparisonProgress =
  | { readonly kind: 'cell'; readonly cell: Cell; readonly done: number; readonly total: number }
  | { readonly kind: 'overhead'; readonly stage: StageCode; readonly batchSize: number };
