export type { ComparisonEnvironment, ComparisonProgress } from './comparison-environment.ts';
export { describeVersions } from './describe-machine.ts';
export type {
  Cell,
  ComparisonParameters,
  ComparisonReport,
  Cost,
  FaultCode,
  Overhead,
  StageCode,
  StrategyCode,
  TransactionsCode,
} from './report/comparison-report.ts';
export { runComparison } from './run-comparison.ts';
export { type ComparisonEngine, createComparisonEngine } from './stage/comparison-engine.ts';
export { createStageResourcesReader } from './stage/stage-resources.ts';
