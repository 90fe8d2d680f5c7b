import { formatCount } from '@oncefold/comparison/format-number';
import { type Html, html } from '@oncefold/simulator/page';
import { FAILED_IN_PART, type LiveBatch } from '../board/live-board.ts';
import type { PageView } from './page-view.ts';
import { outside, timeOfDay } from './words.ts';

/** How a batch ended, for the eye and in words. */
export interface BatchOutcome {
  readonly state: 'committed' | 'known' | 'induced' | 'failed';
  readonly text: string;
  readonly detail: string;
}

/** The error of failures that somebody asked for. */
const INDUCED_FAILURE = 'InducedFailure';

/** The last batches: rows of a table. */
export function batchesSection({ batches, stages }: PageView): Html {
  if (batches.length === 0) {
    return html`<tr><td colspan="6" class="none">No batch has ended yet.</td></tr>`;
  }
  const names = new Map(stages.map(({ functionId, name }) => [functionId, name]));
  return html`${batches.map((batch) => {
    const { state, text, detail } = outcomeOf(batch);
    return html`<tr><td class="when">${timeOfDay(batch.endedAt)}</td><td>${outside(names.get(batch.functionId) ?? batch.functionId)}</td><td class="number" data-label="records">${formatCount(batch.records)}</td><td class="number">${formatCount(Math.round(batch.durationMs))} ms</td><td><span class="chip ${state}">${text}</span></td><td class="detail">${detail}</td></tr>`;
  })}`;
}

/** Says how a batch ended. */
export function outcomeOf(batch: LiveBatch): BatchOutcome {
  const { errorType, errorMessage = '', faults, report, attempt, itemFailures } = batch;
  const circumstances = [
    ...(itemFailures > 0 ? [`${formatCount(itemFailures)} reported as failed`] : []),
    ...(attempt > 1 ? [`attempt ${formatCount(attempt)}`] : []),
    ...(faults.length > 0 ? [`fault injected: ${[...new Set(faults)].join(', ')}`] : []),
  ];
  const said = [...(report === undefined || report.text === '' ? [] : [report.text]), ...circumstances];
  const isInduced = errorType === INDUCED_FAILURE || faults.length > 0;
  if (errorType !== undefined) {
    const isAfterCommit = report !== undefined && report.counted + report.known > 0;
    const message = errorType === INDUCED_FAILURE ? [] : [outside(errorMessage)];
    return {
      state: isInduced ? 'induced' : 'failed',
      text: outside(errorType),
      detail: [...(isAfterCommit ? ['failed after its commit'] : []), ...said, ...message].join('; '),
    };
  }
  // The invocation succeeded, and these records are delivered again.
  if (itemFailures > 0) {
    return { state: isInduced ? 'induced' : 'failed', text: FAILED_IN_PART, detail: said.join('; ') };
  }
  if (report !== undefined && report.counted === 0 && report.known > 0) {
    return {
      state: 'known',
      text: 'known',
      detail: ['redelivered, nothing added', ...circumstances].join('; '),
    };
  }
  const text = report === undefined ? 'succeeded' : 'committed';
  return { state: 'committed', text, detail: said.join('; ') };
}
