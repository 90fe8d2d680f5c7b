import {
  type ComparisonReport,
  costOf,
  groupByBatchSize,
  type OverheadFigure,
  overheadFigures,
  type StageCode,
} from '@oncefold/comparison';
import { formatCount } from '@oncefold/comparison/format-number';
import { formatTable } from '../../terminal/format-table.ts';
import { wrapText } from './wrap-text.ts';

const titleWidth = 9;

const figures: readonly OverheadFigure[] = [
  { title: 'batch', order: 0, text: (row) => formatCount(row.batchSize) },
  { title: 'strategy', order: 0, text: (row) => row.strategy },
  ...overheadFigures,
  { title: 'units from', order: 7, text: (row) => row.unitsPerBatch.source },
];

/** The costs of one batch without faults; the least important columns are left out until the table fits. */
export function overheadView(report: ComparisonReport, stage: StageCode, columns: number): string {
  if (groupByBatchSize(report.overheads, stage).length === 0) {
    return '';
  }
  let shown = figures;
  let table = draw(report, stage, shown);
  for (let order = 7; order > 0 && (table.split('\n')[0] ?? '').length > columns; order -= 1) {
    shown = shown.filter((figure) => figure.order !== order);
    table = draw(report, stage, shown);
  }
  return table;
}

function draw(report: ComparisonReport, stage: StageCode, shown: readonly OverheadFigure[]): string {
  return formatTable(
    shown.map(({ title }) => ({
      title: wrapText(title, titleWidth),
      align: title === 'strategy' ? 'left' : 'right',
    })),
    groupByBatchSize(report.overheads, stage).flatMap(({ rows }) =>
      rows.map((row) => shown.map(({ text }) => text(row, costOf(row, report.costs)))),
    ),
  );
}
