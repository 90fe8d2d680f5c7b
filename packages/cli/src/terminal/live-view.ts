import { createLogUpdate } from 'log-update';
import type { Terminal } from './terminal.ts';

/** Something that is shown while it goes on. */
export interface LiveView {
  /** Ends the view; what was shown last stays. */
  stop(): void;
}

/** What a live view shows, asked for each time. */
export interface LiveText {
  /** The whole, for a terminal that is drawn anew each time. */
  readonly view: () => string;
  /** What is new, as lines for an output that keeps what was written. */
  readonly lines: () => readonly string[];
  /** How often lines are asked for, in milliseconds; by default each second. */
  readonly linesEveryMs?: number;
}

const DRAW_EVERY_MS = 100;
const LINES_EVERY_MS = 1_000;

/** Starts to show how something goes: drawn in place on a terminal, in lines of their own elsewhere. */
export function startLiveView(terminal: Terminal, text: LiveText): LiveView {
  return terminal.screen === undefined ? startLines(terminal, text) : startDrawing(terminal.screen, text);
}

function startDrawing(screen: NonNullable<Terminal['screen']>, { view }: LiveText): LiveView {
  const draw = createLogUpdate(screen);
  const show = (): void => draw(`\n${view()}\n`);
  const timer = setInterval(show, DRAW_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      show();
      draw.done();
    },
  };
}

function startLines(terminal: Terminal, { lines, linesEveryMs = LINES_EVERY_MS }: LiveText): LiveView {
  const show = (): void => {
    for (const line of lines()) {
      terminal.note(line);
    }
  };
  const timer = setInterval(show, linesEveryMs);
  return {
    stop() {
      clearInterval(timer);
      show();
    },
  };
}
