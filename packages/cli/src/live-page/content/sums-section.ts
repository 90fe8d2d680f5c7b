import { formatCount } from '@oncefold/comparison/format-number';
import { type Html, html } from '@oncefold/simulator/page';
import { alignDecimals } from '../../terminal/align-decimals.ts';
import type { PageView, SumView } from './page-view.ts';
import { outside } from './words.ts';

/** More rows are counted, not shown; what is wrong comes first. */
export const SUMS_SHOWN_MAX = 200;

const states = {
  exact: { text: 'exact', order: 2 },
  late: { text: 'in flight', order: 1 },
  wrong: { text: 'WRONG', order: 0 },
} as const;

/** Each sum against what it must be: rows of a table. */
export function sumsSection({ tables }: PageView): Html {
  const shown = shownSums(tables?.sums ?? []);
  if (shown.length === 0) {
    return html`<tr><td colspan="5" class="none">No sums yet.</td></tr>`;
  }
  const column = (text: (sum: SumView) => string | undefined): readonly string[] =>
    alignDecimals(shown.map((sum) => text(sum) ?? '–'));
  const columns = [
    column(({ expected }) => expected),
    column(({ actual }) => actual),
    column(({ difference }) => difference),
  ];
  return html`${shown.map(
    ({ key, state }, index) =>
      html`<tr class="${state}"><th scope="row">${outside(key)}</th><td><span class="chip ${state}">${states[state].text}</span></td>${columns.map((texts) => html`<td class="figure">${texts[index]}</td>`)}</tr>`,
  )}`;
}

/** What the sums are compared with, and what is not shown. */
export function sumsNote({ tables }: PageView): Html {
  if (tables === undefined) {
    return html``;
  }
  const omitted = tables.sums.length - SUMS_SHOWN_MAX;
  return html`<p>${tables.sumsNote}.${omitted > 0 ? ` ${formatCount(omitted)} more rows are not shown; none of them is worse than these.` : ''}</p>${
    tables.problem === undefined
      ? undefined
      : html`<p class="alarm">The tables could not be read: ${outside(tables.problem)}</p>`
  }`;
}

function shownSums(sums: readonly SumView[]): readonly SumView[] {
  if (sums.length <= SUMS_SHOWN_MAX) {
    return sums;
  }
  return sums.toSorted((a, b) => states[a.state].order - states[b.state].order).slice(0, SUMS_SHOWN_MAX);
}
