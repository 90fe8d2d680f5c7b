import { formatCount, formatCounted } from '@oncefold/comparison/format-number';
import { type Html, html } from '@oncefold/simulator/page';
import type { PageView, StageView } from './page-view.ts';
import { outside } from './words.ts';

/** What each stage has done so far: rows of a table. */
export function stagesSection({ stages }: PageView): Html {
  return html`${stages.map(stageRow)}`;
}

function stageRow({ name, records, batches, failed, redelivered, givenUp }: StageView): Html {
  const cells = [
    cell('records', records),
    cell('batches', batches),
    cell('failed, induced', failed.induced),
    alarmCell('failed, other', failed.other),
    cell('redelivered, induced', redelivered.induced),
    cell('redelivered, other', redelivered.other),
    alarmCell('given up', givenUp),
  ];
  return html`<tr><th scope="row">${outside(name)}</th>${cells}</tr>`;
}

/** The label stands beside the number where the screen has no room for columns. */
function cell(label: string, count: number): Html {
  return html`<td data-label="${label}">${formatCount(count)}</td>`;
}

/** For what should not be there. */
function alarmCell(label: string, count: number): Html {
  return count === 0
    ? cell(label, count)
    : html`<td data-label="${label}" class="alarm">${formatCount(count)}</td>`;
}

/** The faults that were injected, in words. */
export function faultsSection({ faults, stages }: PageView): Html {
  const injected = [...faults].map(([kind, count]) => `${kind} ${formatCount(count)}`);
  const errors = stages.filter(({ lastError }) => lastError !== undefined);
  const total = [...faults.values()].reduce((sum, count) => sum + count, 0);
  return html`${injected.length === 0 ? undefined : html`<p>${formatCounted(total, 'fault')} injected: ${injected.join(', ')}</p>`}${errors.map(
    ({ name, lastError = '' }) =>
      html`<p class="last-error"><b>${outside(name)}</b> last failed otherwise with <code>${outside(lastError)}</code></p>`,
  )}`;
}
