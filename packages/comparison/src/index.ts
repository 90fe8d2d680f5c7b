export { type CompareEngine, compareEngine } from './comparison-engine.ts';
export type { CompareGround, CompareProgress } from './comparison-environment.ts';
export type {
  Cell,
  CompareParameters,
  CompareReport,
  Cost,
  FaultCode,
  Overhead,
  StageCode,
  StrategyCode,
  TransactionsCode,
} from './comparison-report.ts';
export { describeVersions } from './describe-machine.ts';
export { runCompare } from './run-comparison.ts';
export { createStageResourcesReader } from './stage-resources.ts';
