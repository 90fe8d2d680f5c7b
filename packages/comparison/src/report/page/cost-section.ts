import { drawBars } from '../charts/bars.ts';
import { drawCosts } from '../charts/costs.ts';
import { drawRatios } from '../charts/ratios.ts';
import type { ComparisonReport, Overhead, StageCode, StageInputDescription } from '../comparison-report.ts';
import { formatQuantity, formatRatio } from '../figures.ts';
import { groupByBatchSize } from '../findings.ts';
import { formatCount } from '../format-number.ts';
import { type ChartCode, chartId } from './anchors.ts';
import { type Markup, markup, trustMarkup } from './markup.ts';
import { capitalize } from './matrix-section.ts';
import { overheadTable } from './overhead-table.ts';

/** Requests, write units, latency and cost of each strategy without faults. */
export function costSection(report: ComparisonReport): Markup | undefined {
  const inputs = measuredInputs(report);
  if (inputs.length === 0) {
    return undefined;
  }
  const hasNone = report.overheads.some(({ strategy }) => strategy === 'none');
  return markup`<section class="cost" aria-labelledby="cost-title">
<h2 id="cost-title">What it costs</h2>
<p class="intro">One batch without faults, by strategy and batch size.${hasNone ? ' The part that the guard adds to the effect’s own writes has its own colour.' : ' The part of the guard is not shown separately: the strategy none did not run.'}</p>
${hasNone ? legend : undefined}
${inputs.map((input) => stageCosts(report, input))}
${moneyPart(report)}
</section>`;
}

const legend = markup`<ul class="legend" aria-label="Legend"><li><span class="swatch effect"></span> the effect alone</li><li><span class="swatch guard"></span> added by the guard</li></ul>`;

function stageCosts(report: ComparisonReport, input: StageInputDescription): Markup {
  const { stage } = input;
  const rows = groupByBatchSize(report.overheads, stage).flatMap((group) => group.rows);
  return markup`<h3>${capitalize(stage)} stage <small>record: ${input.recordIs}</small></h3>
<div class="panels">
${barsFigure(stage, rows, {
  code: 'requests',
  title: 'Requests per batch',
  note: 'To DynamoDB.',
  figureOf: (row) => row.requestsPerBatch,
})}
${barsFigure(stage, rows, {
  code: 'units',
  title: 'Write units per batch',
  note: noteOnSource(rows),
  figureOf: (row) => row.unitsPerBatch.write,
})}
${latencyFigure(stage, rows)}
</div>
${overheadTable(report, stage)}`;
}

function barsFigure(
  stage: StageCode,
  rows: readonly Overhead[],
  options: {
    readonly code: ChartCode;
    readonly title: string;
    readonly note: string;
    readonly figureOf: (row: Overhead) => number;
  },
): Markup {
  const { code, title, note, figureOf } = options;
  const bars = rows.map((row) => {
    const none = rows.find((other) => other.strategy === 'none' && other.batchSize === row.batchSize);
    const value = figureOf(row);
    return {
      ...row,
      value,
      unguarded: none === undefined ? undefined : figureOf(none),
      label: value < 1000 ? formatQuantity(value) : formatCount(Math.round(value)),
    };
  });
  return figure(stage, code, title, {
    note: `${note} Each batch size has its own scale.`,
    chart: drawBars(bars, chartId(stage, code)),
  });
}

function noteOnSource(rows: readonly Overhead[]): string {
  const sources = new Set(rows.map((row) => row.unitsPerBatch.source));
  if (sources.size > 1) {
    return 'Reported by the engine; some computed, see the table.';
  }
  return sources.has('computed') ? 'Computed from the requests.' : 'Reported by the engine.';
}

function latencyFigure(stage: StageCode, rows: readonly Overhead[]): Markup {
  const ratios = rows.flatMap((row) =>
    row.latencyRatio === undefined
      ? []
      : [{ ...row, ratio: row.latencyRatio, label: formatRatio(row.latencyRatio) }],
  );
  if (ratios.length === 0) {
    return figure(stage, 'latency', 'Latency per batch', {
      note: 'Not shown: it is relative to the strategy none, which did not run.',
      chart: undefined,
    });
  }
  // No guard makes a commit faster: a ratio below 1 is noise, not a finding.
  const noise = ratios.some(({ ratio }) => ratio < 0.995)
    ? ' Values below 1 show the noise of this machine.'
    : '';
  return figure(stage, 'latency', 'Latency per batch, relative to none', {
    note: `Median over the rounds of the latency divided by that of none in the same round.${noise}`,
    chart: drawRatios(ratios, chartId(stage, 'latency')),
  });
}

function moneyPart(report: ComparisonReport): Markup | undefined {
  const figures = measuredInputs(report)
    .map((input) => costFigure(report, input))
    .filter((part) => part !== undefined);
  if (figures.length === 0) {
    return undefined;
  }
  return markup`<h3>Cost of a million records, by batch size</h3>
<p class="intro">DynamoDB’s requests alone, the effect’s own writes included, in US dollars (${report.price.region}). In the map
stage a record is a message. Both axes are logarithmic.</p>
<div class="curves">
${figures}</div>`;
}

function costFigure(
  { costs }: ComparisonReport,
  { stage, recordIs }: StageInputDescription,
): Markup | undefined {
  const points = costs
    .filter((row) => row.stage === stage && row.usdPerMillionRecords > 0)
    .map(({ strategy, batchSize, usdPerMillionRecords }) => ({
      strategy,
      batchSize,
      dollars: usdPerMillionRecords,
    }));
  if (points.length === 0) {
    return undefined;
  }
  const id = chartId(stage, 'cost');
  const draw = (size: 'narrow' | 'wide'): Markup =>
    markup`<div class="${size}">${trustMarkup(drawCosts(points, size, id))}</div>`;
  return markup`<figure>
<figcaption><strong id="${id}">${capitalize(stage)} stage</strong> <span>A million records (${recordIs}).</span></figcaption>
${draw('narrow')}
${draw('wide')}
</figure>`;
}

function figure(
  stage: StageCode,
  code: ChartCode,
  title: string,
  { note, chart }: { note: string; chart: string | undefined },
): Markup {
  return markup`<figure>
<figcaption><strong id="${chartId(stage, code)}">${title}<span class="hidden">, ${stage} stage</span></strong> <span>${note}</span></figcaption>
${chart === undefined ? undefined : trustMarkup(chart)}
</figure>`;
}

/** One input for each stage that was measured: overheads do not depend on the transactions of the cells' batches. */
function measuredInputs({ inputs, overheads }: ComparisonReport): readonly StageInputDescription[] {
  return inputs.filter(
    ({ stage }, index) =>
      overheads.some((row) => row.stage === stage) &&
      inputs.findIndex((other) => other.stage === stage) === index,
  );
}
