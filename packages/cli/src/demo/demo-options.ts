import type { PipelineOptions } from '../pipeline/pipeline-options.ts';

/** What `oncefold demo` takes. */
export interface DemoOptions extends PipelineOptions {
  readonly messages: number;
  readonly seed?: number;
  readonly faults: 'none' | 'workshop';
  readonly strategy?: string;
  readonly mapStrategy?: string;
}
