/**
 * The fault matrix, in folders:
 *
 * - `stage-input`: the records of a stage and their true sums, made from a seed; pure
 * - `stage`: one stage's function in real processes, on a database of its own, behind a fault proxy
 * - `cells`: one strategy under one fault: scenarios, schedule, deliveries, the difference to the truth
 * - `costs`: what one batch costs without faults
 * - `report`: the report's data model, its JSON and its HTML page; imports nothing of the above
 */
export type { ComparisonEnvironment, ComparisonProgress } from './comparison-environment.ts';
export { describeVersions } from './describe-machine.ts';
export type {
  Cell,
  ComparisonParameters,
  ComparisonReport,
  StageCode,
  TransactionsCode,
} from './report/comparison-report.ts';
export { describeOutcome } from './report/describe-cell.ts';
export { describeRun } from './report/describe-run.ts';
export {
  abbreviateCell,
  arrangeCells,
  type CellView,
  groupByBatchSize,
  type MatrixView,
  type Remark,
  stagesOf,
  summarize,
} from './report/findings.ts';
export { costOf, type OverheadFigure, overheadFigures } from './report/overhead-figures.ts';
export { renderHtml } from './report/page/render-html.ts';
export { parseReport } from './report/report-document.ts';
export { writeReport } from './report/write-report.ts';
export { runComparison } from './run-comparison.ts';
export { type ComparisonEngine, createComparisonEngine } from './stage/comparison-engine.ts';
export { createStageResourcesReader } from './stage/stage-resources.ts';
