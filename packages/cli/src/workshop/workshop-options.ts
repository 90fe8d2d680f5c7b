import type { PipelineOptions } from '../pipeline/pipeline-options.ts';

/** What `oncefold workshop` takes. */
export interface WorkshopOptions extends PipelineOptions {
  /** 1 to 1,000. */
  readonly rounds: number;
  /** Time that the pipeline has after the last message of a round, in seconds, 1 to 3,600. */
  readonly interval: number;
  /** Messages of a round, 40 to 100,000. */
  readonly messages: number;
  readonly seed?: number;
  /** How the reduce function commits; absent as in the template. */
  readonly strategy?: string;
}
