import type { PipelineTableOptions } from '../tables/pipeline-options.ts';

/** What `oncefold check` takes. */
export interface CheckOptions extends PipelineTableOptions {
  readonly path?: string;
  /** Seconds to wait for a working pipeline to come to rest. */
  readonly wait: number;
  readonly live: boolean;
  readonly rate: number;
  readonly yes: boolean;
  readonly json: boolean;
}
