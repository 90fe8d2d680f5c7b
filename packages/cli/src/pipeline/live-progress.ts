import { type LiveView, startLiveView } from '../terminal/live-view.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type ProgressSnapshot, progressLines, progressView } from './progress-view.ts';

/** Starts to show how far the messages are, while they go. */
export function startLiveProgress(terminal: Terminal, snapshot: () => ProgressSnapshot): LiveView {
  let before: ProgressSnapshot | undefined;
  return startLiveView(terminal, {
    view: () => progressView(snapshot(), terminal.notePalette),
    lines: () => {
      const now = snapshot();
      const lines = progressLines(now, before, terminal.notePalette);
      before = now;
      return lines;
    },
  });
}
