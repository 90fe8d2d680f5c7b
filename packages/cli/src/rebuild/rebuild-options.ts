import type { PipelineTableOptions } from '../tables/pipeline-options.ts';

/** What `oncefold rebuild` takes. */
export interface RebuildOptions extends PipelineTableOptions {
  readonly path?: string;
  readonly hierarchyDimensions?: readonly string[];
  readonly rate: number;
  /** In seconds. */
  readonly settle?: number;
  readonly dryRun: boolean;
  readonly abort: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}
