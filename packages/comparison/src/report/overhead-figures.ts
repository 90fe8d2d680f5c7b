import type { Cost, Overhead } from './comparison-report.ts';
import {
  formatDollars,
  formatMilliseconds,
  formatQuantity,
  formatRatio,
  signMilliseconds,
} from './figures.ts';

/** One column of a table of overheads. */
export interface OverheadFigure {
  readonly title: string;
  /** Where space is short, the highest numbers are left out first; 0 stays. */
  readonly order: number;
  /** Whether it comes from the source in {@link Overhead.unitsPerBatch}. */
  readonly isCapacity?: true;
  readonly text: (row: Overhead, cost: Cost | undefined) => string;
}

/** All figures of one batch, without strategy and batch size; what was not measured is a dash. */
export const overheadFigures: readonly OverheadFigure[] = [
  { title: 'requests', order: 0, text: (row) => formatQuantity(row.requestsPerBatch) },
  { title: 'commits', order: 5, text: (row) => formatQuantity(row.commitsPerBatch) },
  {
    title: 'write units',
    order: 0,
    isCapacity: true,
    text: (row) => formatQuantity(row.unitsPerBatch.write),
  },
  { title: 'read units', order: 4, isCapacity: true, text: (row) => formatQuantity(row.unitsPerBatch.read) },
  { title: 'latency median', order: 1, text: (row) => formatMilliseconds(row.latencyMs.median) },
  { title: 'latency p90', order: 6, text: (row) => formatMilliseconds(row.latencyMs.p90) },
  { title: 'vs none', order: 1, text: (row) => orDash(formatRatio, row.latencyRatio) },
  { title: 'added', order: 5, text: (row) => orDash(signMilliseconds, row.addedMs) },
  {
    title: 'a million records',
    order: 2,
    text: (_, cost) => orDash(formatDollars, cost?.usdPerMillionRecords),
  },
  {
    title: 'of which guard',
    order: 3,
    text: (_, cost) => orDash(formatDollars, cost?.guardUsdPerMillionRecords),
  },
];

/** The cost of an overhead; absent if it was not computed. */
export function costOf(row: Overhead, costs: readonly Cost[]): Cost | undefined {
  return costs.find(
    ({ stage, strategy, batchSize }) =>
      stage === row.stage && strategy === row.strategy && batchSize === row.batchSize,
  );
}

function orDash(format: (value: number) => string, value: number | undefined): string {
  return value === undefined ? '–' : format(value);
}
