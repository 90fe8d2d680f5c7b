export { deployedDimensions, type PipelineParts } from './functions.ts';
export { type PipelineOptions, type PipelineStage, simulatePipeline } from './pipeline.ts';
export type { SimulatedStrategy } from './strategies.ts';
