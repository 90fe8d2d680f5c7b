import type { ComparisonReport, Overhead, StageCode } from '../comparison-report.ts';
import { groupByBatchSize } from '../findings.ts';
import { formatCounted } from '../format-number.ts';
import { costOf, overheadFigures } from '../overhead-figures.ts';
import { type Markup, markup } from './markup.ts';

const titles = ['strategy', ...overheadFigures.map(({ title }) => title)];

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
<tr><th scope="rowgroup" colspan="${titles.length}">${formatCounted(batchSize, 'record')} per batch</th></tr>
${rows.map((row) => overheadRow(report, row))}</tbody>
`,
)}</table>
</div>
</details>`;
}

function overheadRow(report: ComparisonReport, row: Overhead): Markup {
  const cost = costOf(row, report.costs);
  const isComputed = row.unitsPerBatch.source === 'computed';
  const texts = overheadFigures.map(
    ({ text, isCapacity }) => `${text(row, cost)}${isCapacity && isComputed ? ' (computed)' : ''}`,
  );
  return markup`<tr><th scope="row"><code>${row.strategy}</code></th>${texts.map((text) => markup`<td>${text}</td>`)}</tr>\n`;
}
