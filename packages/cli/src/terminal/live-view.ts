import { createLogUpdate } from 'log-update';
import { type ProgressSnapshot, progressLines, progressView } from '../pipeline/progress-view.ts';
import type { Terminal } from './terminal.ts';

/** Shows how far the messages are, while they go. */
export interface LiveView {
  /** Ends the view; what was shown last stays. */
  stop(): void;
}

const DRAW_EVERY_MS = 100;
const LINE_EVERY_MS = 1_000;

/** Starts to show progress: drawn in place on a terminal, in lines of their own elsewhere. */
export function startLiveView(terminal: Terminal, snapshot: () => ProgressSnapshot): LiveView {
  return terminal.screen === undefined
    ? startLines(terminal, snapshot)
    : startDrawing(terminal, terminal.screen, snapshot);
}

function startDrawing(
  terminal: Terminal,
  screen: NonNullable<Terminal['screen']>,
  snapshot: () => ProgressSnapshot,
): LiveView {
  const draw = createLogUpdate(screen);
  const show = (): void => draw(`\n${progressView(snapshot(), terminal.notePalette)}\n`);
  const timer = setInterval(show, DRAW_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      show();
      draw.done();
    },
  };
}

function startLines(terminal: Terminal, snapshot: () => ProgressSnapshot): LiveView {
  let before: ProgressSnapshot | undefined;
  const show = (): void => {
    const now = snapshot();
    for (const line of progressLines(now, before, terminal.notePalette)) {
      terminal.note(line);
    }
    before = now;
  };
  const timer = setInterval(show, LINE_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      show();
    },
  };
}
