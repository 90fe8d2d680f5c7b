import type { CompareEngine } from './comparison-engine.ts';
import type { Cell, CompareVersions, StageCode, UnitSource } from './comparison-report.ts';
import type { StageResourcesReader } from './stage-resources.ts';

/** What the comparison runs on. */
export interface CompareGround {
  /** Runs the cells, and the overheads where there is no other. */
  readonly engine: CompareEngine;
  /** Runs the overheads, because it counts capacity rightly; absent where there is none. */
  readonly unitEngine?: CompareEngine;
  /** Absolute directories of the built functions. */
  readonly taskRoots: Readonly<Record<StageCode, string>>;
  /** Of the template that describes the functions. */
  readonly resources: StageResourcesReader;
  readonly versions: CompareVersions;
}

/** The engine that overheads are measured on, and whether its own figures of capacity are right. */
export interface OverheadEngine {
  readonly engine: CompareEngine;
  readonly source: UnitSource;
}

/** Tells what has just been done. */
export type CompareProgress =
  | { readonly kind: 'cell'; readonly cell: Cell; readonly done: number; readonly total: number }
  | { readonly kind: 'overhead'; readonly stage: StageCode; readonly batchSize: number };
