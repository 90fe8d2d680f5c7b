import { groupDigits, signAmount } from '../amounts.ts';
import type { ComparisonReport, JudgedCell } from '../comparison-report.ts';
import { describeFaults, describeOutcome } from '../describe-cell.ts';
import { formatMilliseconds, formatQuantity, signMilliseconds } from '../figures.ts';
import { abbreviateCell, arrangeCells, type CellView, type MatrixView } from '../findings.ts';
import { formatCount, formatCounted } from '../format-number.ts';
import { cellId } from './anchors.ts';
import { type Markup, markup } from './markup.ts';
import { capitalize, cellClass, uncapitalize } from './matrix-section.ts';

/** How many wrong aggregates of a cell the page lists; report.json has all of them. */
const nodesShown = 25;

export function cellsSection(report: ComparisonReport): Markup | undefined {
  const views = arrangeCells(report);
  if (views.length === 0) {
    return undefined;
  }
  return markup`<section class="cells" aria-labelledby="cells-title">
<h2 id="cells-title">Cell by cell</h2>
<p class="intro">What happened, the outcome, and the command that runs the cell alone with the same input and the same faults.</p>
${views.map(matrixCells)}
</section>`;
}

function matrixCells({ stage, transactions, rows }: MatrixView): Markup {
  return markup`${rows.map(
    ({ strategy, cells }) =>
      markup`<details class="group">
<summary><span class="what">${capitalize(stage)} stage, ${uncapitalize(transactions.title)}, <code>${strategy.code}</code></span> <span>${countOutcomes(cells)}</span></summary>
${cells.map(entry)}</details>
`,
  )}`;
}

function countOutcomes(views: readonly CellView[]): string {
  const outcomes = ['exact', 'wrong', 'failed'] as const;
  return outcomes
    .map((outcome) => [views.filter(({ cell }) => cell?.outcome === outcome).length, outcome] as const)
    .filter(([count]) => count > 0)
    .map(([count, outcome]) => `${count} ${outcome === 'failed' ? 'no result' : outcome}`)
    .join(', ');
}

/** A link into a closed `details` element opens it and its ancestors. */
function entry(view: CellView): Markup | undefined {
  const { cell, name, fault } = view;
  if (cell === undefined) {
    return undefined;
  }
  return markup`<details>
<summary><span class="what">${fault.title}</span> <span class="chip ${cellClass(view)}">${abbreviateCell(cell).join(' ')}</span></summary>
<div id="${cellId(name)}" class="entry">
<p>${describeOutcome(cell)}</p>
${cell.outcome !== 'failed' ? facts(cell) : undefined}
<pre><code>${cell.replay}</code></pre>
</div>
</details>
`;
}

function facts(cell: JudgedCell): Markup {
  const { effort, expectation, difference } = cell;
  const { units } = effort;
  const operations = Object.entries(effort.requestsByOperation).map(
    ([operation, times]) => `${operation} × ${formatCount(times)}`,
  );
  const latency = `median ${formatMilliseconds(effort.settleMs.median)}, p90 ${formatMilliseconds(effort.settleMs.p90)}, maximum ${formatMilliseconds(effort.settleMs.max)}`;
  const added =
    effort.addedMs === undefined ? '' : `; ${signMilliseconds(effort.addedMs)} compared with the control`;
  const rows: readonly (readonly [string, string])[] = [
    ['Faults', describeFaults(cell.faultsHappened)],
    ['Expected', `${capitalize(expectation.outcome)}. ${expectation.why}`],
    [
      'Invocations',
      `${formatCount(effort.invocations)}, ${formatCount(effort.retries)} of them failed and were repeated, in ${formatCounted(effort.processes, 'process', 'processes')}`,
    ],
    ['Requests', `${formatCount(effort.requests)}: ${operations.join(', ')}`],
    [
      'Capacity',
      `${formatQuantity(units.write)} write and ${formatQuantity(units.read)} read units, ${units.source === 'engine' ? 'reported by the engine' : 'computed from the requests'}`,
    ],
    ['Latency of a batch', `${latency}${added}`],
    ...(cell.disturbances === 0 ? [] : [['Restarted', formatCounted(cell.disturbances, 'time')] as const]),
  ];
  return markup`<dl>${rows.map(([term, text]) => markup`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>
${difference.byNode.length === 0 ? undefined : nodesTable(difference)}`;
}

function nodesTable({ byNode }: JudgedCell['difference']): Markup {
  const more = byNode.length - nodesShown;
  const note =
    more > 0
      ? markup`<p>${formatCounted(more, 'more aggregate')} in <code>report.json</code>.</p>`
      : undefined;
  return markup`<div class="scroll" role="region" aria-label="Aggregates that differ" tabindex="0"><table class="figures">
<thead><tr><th scope="col">aggregate</th><th scope="col">expected</th><th scope="col">actual</th><th scope="col">difference</th></tr></thead>
<tbody>${byNode
    .slice(0, nodesShown)
    .map(
      ({ node, expected, actual, difference }) =>
        markup`<tr><th scope="row"><code>${node}</code></th><td>${groupDigits(expected)}</td><td>${groupDigits(actual)}</td><td>${signAmount(difference)}</td></tr>`,
    )}</tbody>
</table></div>${note}`;
}
