export { deployedDimensions, type PipelineParts } from './functions.ts';
export { type PipelineOptions, simulatePipeline } from './pipeline.ts';
export type { PipelineStage } from './pipeline-stage.ts';
export type { SimulatedStrategy } from './strategies.ts';
