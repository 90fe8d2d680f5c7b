export { describeOutcome } from './describe-cell.ts';
export { describeRun } from './describe-run.ts';
export {
  formatDollars,
  formatMilliseconds,
  formatQuantity,
  formatRatio,
  signMilliseconds,
} from './figures.ts';
export {
  abbreviateCell,
  arrangeCells,
  type CellView,
  groupByBatchSize,
  isJudged,
  type MatrixView,
  type Remark,
  stagesOf,
  summarize,
} from './findings.ts';
export { writeReport } from './write-report.ts';
