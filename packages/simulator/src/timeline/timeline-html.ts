import { drawSteps } from './draw-steps.ts';
import type { Moment } from './find-moments.ts';
import { type Html, html, trusted } from './html.ts';
import { arrow, mark, type Scale, type Shape, slice, WIDE } from './shapes.ts';
import { stateHtml } from './state-html.ts';
import type { Step } from './steps.ts';
import type { Timeline } from './timeline.ts';
import { clockText, countText, durationText, listText } from './words.ts';

/** A pause that is worth telling, in milliseconds. */
const GAP_MS_MIN = 1_000;

/** What a timeline says about itself. */
export interface TimelineTexts {
  /** What was run, for example `Strategy none, seed 42`. */
  readonly title: string;
  /** What protects the sums, in a sentence; absent: not said. */
  readonly description?: string | undefined;
  /** The page around it has a heading of its own. */
  readonly isPart?: boolean;
  /** A command that makes the same history again. */
  readonly command?: string | undefined;
}

/** The whole timeline: verdict, steps, and the panel for one of them. */
export function timelineHtml(timeline: Timeline, texts: TimelineTexts, current: number): Html {
  return html`
    ${verdictHtml(timeline, texts)}
    <div class="board">
      <section class="pane" aria-label="Steps" style="${paneStyle(timeline, WIDE)}">
        ${headsHtml(timeline)}
        <ol class="steps">${stepsHtml(timeline, { steps: timeline.steps, current, scale: WIDE })}</ol>
      </section>
      <aside class="panel" aria-label="The step that is shown">
        ${controlsHtml(timeline)}
        <div class="current" aria-live="polite" aria-atomic="true">${currentHtml(timeline, current)}</div>
        <div class="state">${stateHtml(timeline, current)}</div>
        ${shareHtml(texts)}
        ${legendHtml()}
      </aside>
    </div>`;
}

/** The width of the drawing and the sizes of its columns and rows, for the style sheet. */
export function paneStyle({ lanes }: Timeline, { laneWidth, rowHeight }: Scale): string {
  return `--drawing: ${lanes.lanes.length * laneWidth}px; --lane: ${laneWidth}px; --row: ${rowHeight}px`;
}

/** The list of steps with its drawing. */
export function stepsHtml(
  timeline: Timeline,
  {
    steps,
    current,
    scale,
  }: { readonly steps: readonly Step[]; readonly current: number; readonly scale: Scale },
): readonly Html[] {
  const drawings = drawSteps(timeline, steps, scale);
  const problems = new Map(timeline.moments.map((moment) => [moment.step, moment.kind]));
  return steps.map((step, row) => {
    const problem = problems.get(step.number);
    const isCurrent = step.number === current;
    return html`<li value="${step.number}" class="step ${step.tone}${problem === undefined ? '' : ' moment'}${isCurrent ? ' now' : ''}" data-step="${step.number}">${drawings[row]}<a href="#step=${step.number}" tabindex="${isCurrent ? '0' : '-1'}"${isCurrent ? trusted(' aria-current="step"') : ''}><span class="when">${whenHtml(step)}</span><span class="what">${problem !== undefined && html`<strong class="badge">${problem === 'doubled' ? 'counts twice' : problem}</strong> `}${step.text}${faultNote(step)}</span></a></li>`;
  });
}

/** The step that is shown, in words; read aloud whenever it is another one. */
export function currentHtml(timeline: Timeline, current: number): Html {
  const { steps, moments } = timeline;
  const step = steps[current - 1];
  if (step === undefined) {
    return html`<p>There are no steps.</p>`;
  }
  return html`
    <p class="place">Step ${current} of ${steps.length}, at ${clockText(step.at)}${step.gapMs >= GAP_MS_MIN && `, ${durationText(step.gapMs)} later`}</p>
    <p class="words">${step.text}.</p>
    ${step.fault !== undefined && html`<p class="struck"><strong>Fault:</strong> ${step.fault.text}.</p>`}
    ${step.details.length > 0 && html`<ul>${step.details.map((detail) => html`<li>${detail}</li>`)}</ul>`}
    ${moments
      .filter((moment) => moment.step === current)
      .map(
        (moment) =>
          html`<div class="why"><p><strong>This is where it goes wrong.</strong> ${fromHereOn(moment)}</p></div>`,
      )}`;
}

/** The headline of a history in which nothing goes wrong. */
export function allRightText({ trace }: Timeline): string {
  const { size } = trace.puts;
  return size === 1 ? 'The only record counts once' : `All ${size} records count once`;
}

function headlineHtml(text: string, isPart = false): Html {
  return isPart ? html`<h2 class="headline">${text}</h2>` : html`<h1 class="headline">${text}</h1>`;
}

function fromHereOn({ kind, records, title }: Moment): string {
  const them = listText(records);
  switch (kind) {
    case 'doubled':
      return `From here on ${them} ${records.length === 1 ? 'counts' : 'count'} more than once.`;
    case 'lost':
      return `From here on what is missing of ${them} can never come.`;
    default:
      return `${title}.`;
  }
}

function verdictHtml(timeline: Timeline, texts: TimelineTexts): Html {
  const { moments, steps } = timeline;
  const [first, ...more] = moments;
  return html`
    <header class="verdict ${first === undefined ? 'right' : 'broken'}">
      <p class="eyebrow">${texts.title}</p>
      ${headlineHtml(first === undefined ? allRightText(timeline) : first.title, texts.isPart)}
      ${
        first === undefined
          ? html`<p>No record is lost and none counts twice, whatever failed on the way in ${countText(steps.length, 'step')}.</p>`
          : html`<p>${first.explanation.join(' ')} <a class="jump" href="#step=${first.step}" data-go="${first.step}">Step ${first.step}</a></p>`
      }
      ${
        more.length > 0 &&
        html`<details><summary>${countText(more.length, 'more moment')} like this</summary><ul>${more.map((moment) => html`<li><a href="#step=${moment.step}" data-go="${moment.step}">Step ${moment.step}</a>: ${moment.title}. ${moment.explanation.join(' ')}</li>`)}</ul></details>`
      }
      ${texts.isPart !== true && html`<p class="description">A Lambda function reads records from a stream and adds each one to sums in DynamoDB. Lambda may deliver a record more than once; each record has to count once all the same.</p>`}
      ${texts.description !== undefined && html`<p class="description">${texts.description}</p>`}
    </header>`;
}

function headsHtml({ lanes }: Timeline): Html {
  return html`
    <p class="unseen">The drawing beside the steps has a column for ${listText(
      lanes.lanes.map(({ title }) => title),
      40,
    )}. It shows nothing that the steps do not say in words.</p>
    <div class="heads" aria-hidden="true"><div class="names">${lanes.lanes.map(({ title, kind }) => html`<span class="${kind}">${title}</span>`)}</div><span class="when">time</span><span class="what">what happens</span></div>`;
}

function controlsHtml({ moments }: Timeline): Html {
  const [first] = moments;
  return html`
    <div class="controls">
      <div class="buttons" role="group" aria-label="Steps">
        <button type="button" data-move="first" title="First step (Home)" aria-label="First step">${icon('M3 2v12M13 2L6 8l7 6z')}</button>
        <button type="button" data-move="previous" title="Step before (arrow up or left)" aria-label="Step before">${icon('M12 2L4 8l8 6z')}</button>
        <button type="button" data-move="next" title="Next step (arrow down or right)" aria-label="Next step">${icon('M4 2l8 6-8 6z')}</button>
        <button type="button" data-move="last" title="Last step (End)" aria-label="Last step">${icon('M13 2v12M3 2l7 6-7 6z')}</button>
        ${first !== undefined && html`<button type="button" class="wide" data-go="${first.step}" title="Where it goes wrong (M)">Where it goes wrong</button>`}
      </div>
      ${first !== undefined && first.records.length > 0 && html`<label class="only"><input type="checkbox" data-only="${first.records.join(' ')}"> Only steps about ${listText(first.records, 4)}</label>`}
    </div>`;
}

function icon(path: string): Html {
  return html`<svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d="${path}"/></svg>`;
}

function shareHtml({ command }: TimelineTexts): Html {
  return command === undefined
    ? html``
    : html`
    <section class="share">
      <h2>The same history again</h2>
      <p class="command"><code>${command}</code> <button type="button" data-copy="${command}">Copy</button></p>
    </section>`;
}

function whenHtml({ at, gapMs }: Step): Html {
  return gapMs >= GAP_MS_MIN
    ? html`<span class="gap">${durationText(gapMs)} later</span> ${clockText(at)}`
    : html`${clockText(at)}`;
}

function faultNote({ fault }: Step): Html | false {
  return fault !== undefined && html`. <em class="fault-note">Fault: ${fault.text}</em>`;
}

function legendHtml(): Html {
  const [width, height] = [3 * WIDE.laneWidth, WIDE.rowHeight];
  const left = { lane: 0, y: 0.5 };
  const right = { lane: 2, y: 0.5 };
  const rows: readonly (readonly [Shape | readonly Shape[], string])[] = [
    [mark('dot', 'record', 1, 0), 'a record comes into a shard'],
    [arrow('call', left, right), 'Lambda calls a sandbox with a batch of a shard'],
    [
      {
        kind: 'bar',
        class: 'bar',
        from: { lane: 1, y: 0.3 },
        to: { lane: 1, y: 0.7 },
        firstRow: 0,
        lastRow: 0,
      },
      'the sandbox is at work',
    ],
    [arrow('request', left, right), 'a request to DynamoDB'],
    [arrow('request late', left, right), 'a request that lands after its sender has given it up'],
    [arrow('request refused', left, right), 'a request that DynamoDB refuses'],
    [arrow('reply', right, left), 'the answer'],
    [arrow('reply failure', right, left, 0.55), 'lost on the way'],
    [mark('question', 'failure', 1, 0), 'no answer: written or not, the sandbox cannot know'],
    [mark('square', 'write', 1, 0), 'DynamoDB writes'],
    [mark('ring', 'request', 1, 0), 'DynamoDB writes nothing'],
    [mark('square', 'violation', 1, 0), 'DynamoDB writes, and it is wrong'],
    [mark('cross', 'failure', 1, 0), 'a sandbox dies or its time is over'],
    [mark('fault', 'fault', 1, 0), 'Lambda or a poller does something that it may do'],
    [mark('tick', 'checkpoint', 1, 0), 'a poller stores its checkpoint'],
  ];
  return html`
    <details class="legend"><summary>What the signs mean</summary>
      <ul>${rows.map(
        ([shapes, text]) =>
          html`<li><svg class="drawing" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" aria-hidden="true">${[shapes].flat().map((shape) => slice(shape as Shape, 0, WIDE))}</svg> ${text}</li>`,
      )}</ul>
      <p>Keys: arrows for one step, Page Up and Page Down for ten, Home and End, M for where it goes wrong.</p>
    </details>`;
}
