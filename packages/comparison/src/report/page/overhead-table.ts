import type { ComparisonReport, Overhead, StageCode } from '../comparison-report.ts';
import {
  formatDollars,
  formatMilliseconds,
  formatQuantity,
  formatRatio,
  signMilliseconds,
} from '../figures.ts';
import { groupByBatchSize } from '../findings.ts';
import { formatCount } from '../format-number.ts';
import { type Markup, markup } from './markup.ts';

const titles: readonly string[] = [
  'strategy',
  'requests',
  'commits',
  'write units',
  'read units',
  'latency, median',
  'latency, p90',
  'against none',
  'added',
  'a million records',
  'of it the guard',
];

/** The figures of the charts as a table. */
export function overheadTable(report: ComparisonReport, stage: StageCode): Markup {
  const groups = groupByBatchSize(report.overheads, stage);
  return markup`<details class="table">
<summary>The same in figures</summary>
<div class="scroll" role="region" aria-label="Overheads of the ${stage} stage" tabindex="0">
<table class="figures">
<thead><tr>${titles.map((title) => markup`<th scope="col">${title}</th>`)}</tr></thead>
${groups.map(
  ({ batchSize, rows }) => markup`<tbody>
<tr><th scope="rowgroup" colspan="${titles.length}">${formatCount(batchSize)} ${batchSize === 1 ? 'record' : 'records'} a batch</th></tr>
${rows.map((row) => overheadRow(report, row))}</tbody>
`,
)}</table>
</div>
</details>`;
}

function overheadRow(report: ComparisonReport, row: Overhead): Markup {
  const cost = report.costs.find(
    ({ stage, strategy, batchSize }) =>
      stage === row.stage && strategy === row.strategy && batchSize === row.batchSize,
  );
  const computed = row.unitsPerBatch.source === 'computed' ? ' (computed)' : '';
  const guard = cost?.guardUsdPerMillionRecords;
  const texts = [
    formatQuantity(row.requestsPerBatch),
    formatQuantity(row.commitsPerBatch),
    `${formatQuantity(row.unitsPerBatch.write)}${computed}`,
    `${formatQuantity(row.unitsPerBatch.read)}${computed}`,
    formatMilliseconds(row.latencyMs.median),
    formatMilliseconds(row.latencyMs.p90),
    row.latencyRatio === undefined ? '–' : formatRatio(row.latencyRatio),
    row.addedMs === undefined ? '–' : signMilliseconds(row.addedMs),
    cost === undefined ? '–' : formatDollars(cost.usdPerMillionRecords),
    guard === undefined ? '–' : formatDollars(guard),
  ];
  return markup`<tr><th scope="row"><code>${row.strategy}</code></th>${texts.map((text) => markup`<td>${text}</td>`)}</tr>\n`;
}
