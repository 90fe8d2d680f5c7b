import type { ComparisonReport, Cost, Overhead, StageCode } from '@oncefold/comparison';
import { formatCount } from '@oncefold/comparison/format-number';
import {
  formatDollars,
  formatMilliseconds,
  formatQuantity,
  formatRatio,
  groupByBatchSize,
  signMilliseconds,
} from '@oncefold/comparison/report';
import { createTable } from '../../terminal/create-table.ts';

/** A figure of an overhead; those with a higher number go first where there is not enough room. */
interface Figure {
  readonly title: string;
  readonly order: number;
  readonly text: (row: Overhead, cost: Cost | undefined) => string;
}

const absent = '–';

const figures: readonly Figure[] = [
  { title: 'batch', order: 0, text: (row) => formatCount(row.batchSize) },
  { title: 'strategy', order: 0, text: (row) => row.strategy },
  { title: 'requests', order: 0, text: (row) => formatQuantity(row.requestsPerBatch) },
  { title: 'commits', order: 5, text: (row) => formatQuantity(row.commitsPerBatch) },
  { title: 'write\nunits', order: 0, text: (row) => formatQuantity(row.unitsPerBatch.write) },
  { title: 'read\nunits', order: 4, text: (row) => formatQuantity(row.unitsPerBatch.read) },
  { title: 'units\nfrom', order: 7, text: (row) => row.unitsPerBatch.source },
  { title: 'latency\nmedian', order: 1, text: (row) => formatMilliseconds(row.latencyMs.median) },
  { title: 'latency\np90', order: 6, text: (row) => formatMilliseconds(row.latencyMs.p90) },
  {
    title: 'against\nnone',
    order: 1,
    text: (row) => (row.latencyRatio === undefined ? absent : formatRatio(row.latencyRatio)),
  },
  {
    title: 'added',
    order: 5,
    text: (row) => (row.addedMs === undefined ? absent : signMilliseconds(row.addedMs)),
  },
  {
    title: 'a million\nrecords',
    order: 2,
    text: (_, cost) => (cost === undefined ? absent : formatDollars(cost.usdPerMillionRecords)),
  },
  {
    title: 'of it for\nthe guard',
    order: 3,
    text: (_, cost) =>
      cost?.guardUsdPerMillionRecords === undefined ? absent : formatDollars(cost.guardUsdPerMillionRecords),
  },
];

/** Shows what one batch takes without faults. */
export function overheadView(report: ComparisonReport, stage: StageCode, columns: number): string {
  const rows = groupByBatchSize(report.overheads, stage).flatMap((group) => group.rows);
  if (rows.length === 0) {
    return '';
  }
  let shown = figures;
  let table = draw(rows, shown, report.costs);
  for (let order = 7; order > 0 && (table.split('\n')[0] ?? '').length > columns; order -= 1) {
    shown = shown.filter((figure) => figure.order !== order);
    table = draw(rows, shown, report.costs);
  }
  return table;
}

function draw(rows: readonly Overhead[], shown: readonly Figure[], costs: readonly Cost[]): string {
  return createTable(
    shown.map(({ title }) => ({ title, align: title === 'strategy' ? 'left' : 'right' })),
    rows.map((row) => {
      const cost = costs.find(
        (other) =>
          other.stage === row.stage && other.strategy === row.strategy && other.batchSize === row.batchSize,
      );
      return shown.map(({ text }) => text(row, cost));
    }),
  );
}
