import { formatShare, gradeShare, severities } from '../amounts.ts';
import type { ComparisonReport, FaultDescription, StrategyDescription } from '../comparison-report.ts';
import { describeFaults, describeOutcome } from '../describe-cell.ts';
import { abbreviateCell, arrangeCells, type CellView, type MatrixView, type Remark } from '../findings.ts';
import { cellId, faultId, matrixId, strategyId, transactionsId } from './anchors.ts';
import { type Markup, markup } from './markup.ts';

/** A table of up to this many faults does not fill the page. */
const fewFaults = 6;

const remarkTexts: Readonly<Record<Remark, string>> = {
  'promise-broken': 'promise broken',
  'not-judged': 'not a pass',
  unexpected: 'not as expected',
};

/** A table for each stage and number of transactions; the shade of a cell only repeats what its text says. */
export function matrixSection(report: ComparisonReport): Markup {
  const views = arrangeCells(report);
  if (views.length === 0) {
    return markup`<section id="matrix" aria-labelledby="matrix-title"><h2 id="matrix-title">Exact or not</h2><p>No cell was run.</p></section>`;
  }
  return markup`<section id="matrix" aria-labelledby="matrix-title">
<h2 id="matrix-title">Exact or not</h2>
<p class="intro">After every fault the aggregates are compared with the truth, to the last digit. A cell that is not exact shows
what is too much (+) and what is too little (−), summed over the leaves of the hierarchy, and its share of the total.</p>
${legend(views)}
${views.map((view) => matrix(report, view))}
</section>`;
}

function matrix(report: ComparisonReport, view: MatrixView): Markup {
  const { stage, transactions, rows } = view;
  return markup`<h3 id="${matrixId(view)}">${capitalize(stage)} stage, <a href="#${transactionsId(transactions.code)}">${uncapitalize(transactions.title)}</a></h3>
<div class="matrix">
<div class="scroll" role="region" aria-labelledby="${matrixId(view)}" tabindex="0">
<table class="${report.faults.length > fewFaults ? 'many' : 'few'}">
<thead><tr><th scope="col">strategy</th>${report.faults.map(faultHead)}</tr></thead>
<tbody>
${rows.map(({ strategy, cells }) => markup`<tr>${strategyHead(strategy)}${cells.map(matrixCell)}</tr>\n`)}</tbody>
</table>
</div>
<p class="hint" aria-hidden="true">Point at a cell, or move to it with the tab key, to see what happened.</p>
</div>`;
}

function faultHead({ code, title }: FaultDescription): Markup {
  return markup`<th scope="col"><a href="#${faultId(code)}">${title}</a></th>`;
}

function strategyHead({ code, title, promisesExactness }: StrategyDescription): Markup {
  const promise = promisesExactness ? markup`<small class="promise">promises exactness</small>` : undefined;
  return markup`<th scope="row"><a href="#${strategyId(code)}">${title}</a><small><code>${code}</code></small>${promise}</th>`;
}

function matrixCell(view: CellView): Markup {
  const { cell, name, remark } = view;
  if (cell === undefined) {
    return markup`<td class="absent"><span>not run</span></td>`;
  }
  const remarkText =
    remark === undefined ? undefined : markup`<small class="remark">${remarkTexts[remark]}</small>`;
  return markup`<td class="${cellClass(view)}"><a href="#${cellId(name)}">${cellFace(view)}${remarkText}<span class="hidden">, details</span></a>${cellTip(view)}</td>`;
}

function cellFace({ cell, share }: CellView): Markup {
  const sign = { exact: '✓ ', failed: '? ', wrong: '' }[cell?.outcome ?? 'failed'];
  const lines = abbreviateCell(cell);
  const part = cell?.outcome === 'wrong' && share !== undefined && share > 0 ? formatShare(share) : '';
  return markup`${lines.map((line, index) => markup`<span class="amount">${index === 0 ? sign : ''}${line}</span>`)}${part === '' ? undefined : markup`<small>${part}</small>`}`;
}

/** CSS classes for outcome, severity and remark. */
export function cellClass({ cell, share, remark }: CellView): string {
  const grade = cell?.outcome === 'wrong' ? ` wrong-${gradeShare(share ?? 0)}` : '';
  return `${cell?.outcome ?? 'absent'}${grade}${remark === undefined ? '' : ` ${remark}`}`;
}

function cellTip({ cell, name, fault }: CellView): Markup | undefined {
  if (cell === undefined) {
    return undefined;
  }
  const happened =
    cell.outcome !== 'failed' ? markup`<p>Faults: ${describeFaults(cell.faultsHappened)}.</p>` : undefined;
  return markup`<div class="tip"><p><strong><code>${name.strategy}</code> · ${fault.title}</strong></p><p>${describeOutcome(cell)}</p>${happened}<p><code>${cell.replay}</code></p></div>`;
}

function legend(views: readonly MatrixView[]): Markup {
  const remarks = new Set(
    views.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.map((cell) => cell.remark))),
  );
  const isWrong = views.some(({ rows }) =>
    rows.some(({ cells }) => cells.some(({ cell }) => cell?.outcome === 'wrong')),
  );
  const item = (remark: Remark, classes: string, sign: string, text: string): Markup | undefined =>
    remarks.has(remark)
      ? markup`<li><span class="swatch ${classes}">${sign}</span> ${text}</li>\n`
      : undefined;
  return markup`<ul class="legend" aria-label="Legend">
<li><span class="swatch exact">✓</span> exact</li>
${(isWrong ? severities : []).map(({ severity, label }) => markup`<li><span class="swatch wrong-${severity}">±</span> wrong, ${label} of the total</li>\n`)}${item('unexpected', 'unexpected', '!', 'not as expected')}${item('promise-broken', 'promise-broken', '!', 'promise broken')}${item('not-judged', 'failed', '?', 'no result')}</ul>`;
}

export function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

export function uncapitalize(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}
