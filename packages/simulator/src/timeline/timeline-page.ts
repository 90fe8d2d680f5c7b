import type { History, Violation } from '../history/history.ts';
import { compileScript } from './compile-script.ts';
import { html } from './html.ts';
import { dataHtml, pageHtml } from './page-html.ts';
import { createTimeline } from './timeline.ts';
import { allRightText, type TimelineTexts, timelineHtml } from './timeline-html.ts';

/** What a page shows. */
export interface TimelinePageOptions extends TimelineTexts {
  /** Recorded with `isDetailed`. */
  readonly history: History;
  readonly violations: readonly Violation[];
}

/**
 * Makes one self-contained HTML page of a history: it can be opened from a file, sent around and printed.
 *
 * @param options - the history, what is wrong with it, and what to say about it
 * @returns the text of the document
 */
export function timelinePage(options: TimelinePageOptions): string {
  const { history, violations, ...texts } = options;
  const timeline = createTimeline(history, violations);
  return pageHtml({
    title: `${timeline.moments[0]?.title ?? allRightText(timeline)}: ${texts.title}`,
    body: html`<main id="timeline">${timelineHtml(timeline, texts, timeline.moments[0]?.step ?? 1)}</main>${dataHtml('history', { history, violations })}`,
    script: timelineScript(),
  });
}

function timelineScript(): string {
  return compileScript(new URL('browser/timeline-page-script', import.meta.url));
}
