import type { PipelineOptions } from '../pipeline/pipeline-options.ts';

/** What `oncefold up` takes. */
export interface UpOptions extends PipelineOptions {
  readonly seed?: number;
  /** By default all with a template of one's own, and failures only without. */
  readonly logs?: 'all' | 'failures';
  /** Folder for what on-failure buckets would get. */
  readonly failedBatches?: string;
  readonly untilStdinEnds?: boolean;
  /** File of variables for functions, as `sam local` takes it. */
  readonly envVars?: string;
  /** Configuration file of the SAM CLI; by default the one beside the template. */
  readonly configFile?: string;
  /** Environment of that file. */
  readonly configEnv?: string;
  /** `false` creates tables and streams only. */
  readonly functions: boolean;
}
