import { formatCount, formatCounted } from '@oncefold/comparison/format-number';
import { type Html, html } from '@oncefold/simulator/page';
import type { PageView, StageView } from './page-view.ts';
import { ageText, lastFailureText, outside, rateText } from './words.ts';

const SPARK_HEIGHT = 24;

/** The pipeline as a picture: what each stage reads, how fast it is, and what it has not done. */
export function flowSection(view: PageView): Html {
  if (view.stages.length === 0) {
    return html`<li class="node"><span class="kind">starting</span></li>`;
  }
  const nodes = view.stages.map(
    (stage, index) =>
      html`${sourceNode(stage, index === 0 ? sentText(view) : undefined)}${stageNode(stage, view)}`,
  );
  return html`${nodes}${view.target === undefined ? undefined : node('table', view.target, sumsText(view))}`;
}

function sentText({ told: { sent, messages } }: PageView): string | undefined {
  return messages === undefined || sent === undefined
    ? undefined
    : `${formatCount(sent)} of ${formatCount(messages)} sent`;
}

function sumsText({ tables }: PageView): string {
  return formatCounted(tables?.sums.length ?? 0, 'sum');
}

function sourceNode({ sources }: StageView, note: string | undefined): Html {
  const kinds = new Set(sources.map(({ kind }) => kind));
  return node([...kinds].join(' and '), sources.map(({ name }) => name).join(', '), note);
}

function node(kind: string, name: string, note?: string): Html {
  return html`<li class="node"><span class="kind">${kind}</span><b>${outside(name)}</b>${note === undefined ? undefined : html`<span class="note">${note}</span>`}</li>`;
}

function stageNode(stage: StageView, { target }: PageView): Html {
  const { behind, failing } = stage;
  // Where a function of any application writes, nobody knows: no arrow leads from it to the next.
  const classes = [
    'stage',
    ...(failing === undefined ? [] : ['failing']),
    ...(target === undefined ? ['end'] : []),
  ];
  return html`<li class="${classes.join(' ')}"><h3>${outside(stage.name)}</h3>
<p class="rate"><b>${rateText(stage.recordsPerSecond)}</b> records/s</p>
${sparkline(stage.history)}
<dl><div><dt>behind</dt><dd>${behindText(behind)}</dd></div><div><dt>in flight</dt><dd>${formatCounted(stage.batchesInFlight, 'batch', 'batches')}</dd></div></dl>
<p class="last">${lastText(stage)}</p></li>`;
}

function lastText({ failing, batches, failures }: StageView): string {
  if (failing !== undefined) {
    return lastFailureText(failing);
  }
  return batches + failures === 0 ? 'no batch yet' : 'last batch succeeded';
}

/** There may be more in the stream than was read. */
function behindText({ records, isMore, oldestMs }: StageView['behind']): string {
  if (records === 0) {
    return isMore ? 'reading on' : 'nothing';
  }
  const count = isMore ? `${formatCount(records)}+ records` : formatCounted(records, 'record');
  return `${count}, oldest ${ageText(oldestMs)}`;
}

/** One bar for each of the last seconds, as high as the highest of them is. */
function sparkline(history: readonly number[]): Html {
  const highest = Math.max(1, ...history);
  const bars = history.flatMap((count, second) => {
    const height = Math.ceil((count / highest) * SPARK_HEIGHT);
    return height === 0 ? [] : [`M${second + 0.5} ${SPARK_HEIGHT}v-${height}`];
  });
  return html`<svg class="spark" viewBox="0 0 ${history.length} ${SPARK_HEIGHT}" preserveAspectRatio="none" aria-hidden="true"><path d="${bars.join('')}"/></svg>`;
}
