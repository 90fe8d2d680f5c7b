import type { Cell, ComparisonVersions, StageCode, UnitSource } from './report/comparison-report.ts';
import type { ComparisonEngine } from './stage/comparison-engine.ts';
import type { StageResourcesReader } from './stage/stage-resources.ts';

/** What the comparison runs on. */
export interface ComparisonEnvironment {
  /** Runs the cells, and the overheads where there is no other. */
  readonly engine: ComparisonEngine;
  /** Runs the overheads, because it counts capacity rightly; absent where there is none. */
  readonly unitEngine?: ComparisonEngine;
  /** Absolute directories of the built functions. */
  readonly taskRoots: Readonly<Record<StageCode, string>>;
  /** Of the template that describes the functions. */
  readonly resources: StageResourcesReader;
  readonly versions: ComparisonVersions;
}

/** The engine that overheads are measured on, and whether its own figures of capacity are right. */
export interface OverheadEngine {
  readonly engine: ComparisonEngine;
  readonly source: UnitSource;
}

/** Tells what has just been done. */
export type ComparisonProgress =
  | { readonly kind: 'cell'; readonly cell: Cell; readonly done: number; readonly total: number }
  | { readonly kind: 'overhead'; readonly stage: StageCode; readonly batchSize: number };
