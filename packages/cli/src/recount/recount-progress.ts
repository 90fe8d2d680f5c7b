import { formatCount, formatCounted } from '@oncefold/comparison/format-number';
import type { RecountProgress } from '@oncefold/operations/recount';
import { type LiveView, startLiveView } from '../terminal/live-view.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { formatTime } from './estimate-view.ts';

/** A recount of a million trades in a log should still be readable. */
const LINES_EVERY_MS = 10_000;

/** Shows how far a recount is: drawn in place on a terminal, in lines of their own elsewhere. */
export interface ProgressView {
  show(progress: RecountProgress): void;
  stop(): void;
}

/**
 * Starts to show a recount.
 *
 * @param options.items - items of the table of trades, as far as known
 * @param options.now - milliseconds of a clock that only goes forwards
 */
export function startProgressView(
  terminal: Terminal,
  options: { readonly items: number; readonly now: () => number },
): ProgressView {
  const describe = createProgressText(options);
  let text = 'starting …';
  let phase: RecountProgress['phase'] | undefined;
  let told = '';
  const isDrawn = terminal.screen !== undefined;
  const live: LiveView = startLiveView(terminal, {
    view: () => `  ${text}`,
    lines: () => {
      const isNews = text !== told && phase !== undefined;
      told = text;
      return isNews ? [text] : [];
    },
    linesEveryMs: LINES_EVERY_MS,
  });
  return {
    show(progress) {
      text = describe(progress);
      if (progress.phase !== phase && !isDrawn) {
        // Whoever waits for a phase should not have to wait for the next turn of the lines.
        terminal.note(text);
        told = text;
      }
      phase = progress.phase;
    },
    stop: () => live.stop(),
  };
}

/** Makes the function that says in one line how far a recount is. */
export function createProgressText(options: {
  readonly items: number;
  readonly now: () => number;
}): (progress: RecountProgress) => string {
  let passStartMs = 0;
  let pass = 0;
  let markedBefore = 0;
  return (progress) => {
    switch (progress.phase) {
      case 'started':
        return startedText(progress);
      case 'marking': {
        if (progress.pass !== pass) {
          pass = progress.pass;
          passStartMs = options.now();
          markedBefore = progress.marked;
        }
        const seconds = (options.now() - passStartMs) / 1000;
        return markingText(progress, { ...options, seconds, markedNow: progress.marked - markedBefore });
      }
      case 'waiting for marks':
        return `waiting for map and reduce: ${formatCount(progress.applied)} of ${formatCounted(progress.marked, 'mark')} of a wave counted`;
      case 'waiting for rows':
        return `waiting for reduce: ${formatCounted(progress.pending, 'row of sums', 'rows of sums')} not applied`;
      case 'comparing':
        return 'comparing';
      case 'settling':
        return `waiting ${formatTime(progress.leftMs / 1000)} for requests that may still be on their way, before sums are compared and repaired (--settle)`;
      case 'repairing':
        return progress.keys === 0 ? 'nothing to repair' : `repairing ${formatCounted(progress.keys, 'sum')}`;
    }
  };
}

function startedText({ number, superseded }: Extract<RecountProgress, { phase: 'started' }>): string {
  const ended = superseded === undefined ? '' : `; recount ${superseded}, which had not ended, is ended`;
  return `recount ${number} has begun${ended}`;
}

function markingText(
  { pass, items, marked }: Extract<RecountProgress, { phase: 'marking' }>,
  context: { readonly items: number; readonly seconds: number; readonly markedNow: number },
): string {
  const { seconds, markedNow } = context;
  const parts = [
    `marking, pass ${pass}: ${formatCount(items)} of ${formatCounted(Math.max(items, context.items), 'item')} read, ${formatCount(marked)} marked`,
  ];
  if (seconds >= 1 && items > 0) {
    parts.push(`${formatCount(Math.round(markedNow / seconds))} marks a second`);
    const left = Math.max(0, context.items - items) * (seconds / items);
    parts.push(`${formatTime(left)} left in this pass`);
  }
  return parts.join(', ');
}
