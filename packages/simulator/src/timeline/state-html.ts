import { type Html, html } from './html.ts';
import { hasGuard, type StateAfter, stateAfter } from './state-after.ts';
import type { Timeline } from './timeline.ts';
import { landingsOf } from './trace-history.ts';
import { timesText } from './words.ts';

/** Sums that are shown at once. */
const SUMS_SHOWN_MAX = 6;

/** What DynamoDB and Lambda hold after a step. */
export function stateHtml(timeline: Timeline, current: number): Html {
  const { trace, steps } = timeline;
  const state = stateAfter(trace, steps[current - 1]?.events.at(-1) ?? -1);
  return html`
    ${state.counts.length > 0 && countsHtml(timeline, state)}
    <section><h2>Guard</h2>${listOr(state.guard, noGuardText(timeline))}</section>
    <section><h2>Sums</h2>${sumsHtml(state)}</section>
    ${state.others.length > 0 && html`<section><h2>Other items</h2>${listOr(state.others.slice(-12), '')}</section>`}
    <section><h2>Checkpoints of the pollers</h2>${listOr(state.checkpoints, 'None yet: everything is read from the beginning.')}</section>`;
}

function countsHtml(timeline: Timeline, { counts }: StateAfter): Html {
  const lost = new Set(timeline.moments.flatMap(({ kind, records }) => (kind === 'lost' ? records : [])));
  const empty = emptyRecords(timeline);
  const item = ({ record, isPut, count }: StateAfter['counts'][number]): Html => {
    if (isPut && empty.has(record)) {
      return html`<li class="absent"><b>${record}</b> empty<span class="unseen">: it adds to no sum</span></li>`;
    }
    const kind = count > 1 ? 'twice' : count === 1 ? 'once' : isPut ? 'zero' : 'absent';
    const text = count > 0 ? timesText(count) : isPut ? 'not yet' : 'not sent yet';
    return html`<li class="${kind}"><b>${record}</b> <span>${isPut ? `× ${count}` : '–'}</span><span class="unseen">: ${text}${lost.has(record) && ', will be lost'}</span></li>`;
  };
  return html`
    <section><h2>How often each record counts</h2>
      <ul class="counts">${counts.map(item)}</ul>
    </section>`;
}

/** Records that are in no sum to the very end, and that nobody misses there. */
function emptyRecords({ trace, moments }: Timeline): ReadonlySet<string> {
  if (moments.some(({ kind }) => kind === 'stuck')) {
    return new Set();
  }
  const empty = new Set(trace.puts.keys());
  for (const { landing } of landingsOf(trace)) {
    for (const record of landing.records) {
      empty.delete(record);
    }
  }
  for (const { kind, records } of moments) {
    for (const record of kind === 'lost' ? records : []) {
      empty.delete(record);
    }
  }
  return empty;
}

function sumsHtml({ sums, counts }: StateAfter): Html {
  if (sums.length === 0) {
    return html`<p class="none">There are no sums yet.</p>`;
  }
  const row = ({ key, value }: StateAfter['sums'][number]): Html =>
    html`<tr><th scope="row">${key}</th><td>${counts.length === 0 || /(^|: )all$/.test(key) ? value : digitsHtml(value)}</td></tr>`;
  const rest = sums.slice(SUMS_SHOWN_MAX);
  const example = counts.find(({ record }) => record === 'r3') ?? counts[0];
  return html`
    <table>${sums.slice(0, SUMS_SHOWN_MAX).map(row)}</table>
    ${rest.length > 0 && html`<details><summary>${rest.length} more</summary><table>${rest.map(row)}</table></details>`}
    ${example !== undefined && /^r\d+$/.test(example.record) && html`<p class="none">Record r<i>n</i> adds 10<sup><i>n</i></sup> to each of its keys: the digits of a sum, read from the right, say how often r0, r1, r2 and so on are in it.</p>`}`;
}

/** Digits above 1 stand out. */
function digitsHtml(value: string): readonly Html[] {
  return [...value].map((digit) => (/[2-9]/.test(digit) ? html`<mark>${digit}</mark>` : html`${digit}`));
}

/** A guard may be still to come. */
function noGuardText({ trace }: Timeline): string {
  return hasGuard(trace)
    ? 'Nothing in DynamoDB says yet which records are in the sums.'
    : 'None. Nothing in DynamoDB says which records are in the sums.';
}

function listOr(lines: readonly string[], none: string): Html {
  return lines.length === 0
    ? html`<p class="none">${none}</p>`
    : html`<ul class="lines">${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}
