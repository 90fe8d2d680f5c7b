import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { History, Violation } from '../history/history.ts';
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

let compiled: string | undefined;

/** The page's script, compiled once in a process. */
function timelineScript(): string {
  if (compiled === undefined) {
    const { outputFiles } = buildSync({
      entryPoints: [fileURLToPath(new URL('browser/timeline-page-script.ts', import.meta.url))],
      bundle: true,
      write: false,
      format: 'iife',
      target: 'es2022',
      minify: true,
      charset: 'utf8',
      logLevel: 'silent',
    });
    compiled = outputFiles[0]?.text ?? '';
  }
  return compiled;
}
