/** What of the pipeline runs: all of it, or one stage that is fed directly. */
export type PipelineStage = 'pipeline' | 'rebuild' | 'redrive' | 'state' | 'map' | 'reduce';
