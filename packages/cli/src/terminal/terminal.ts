import type { WriteStream } from 'node:tty';
import { createPalette, type Palette, takesColour } from './palette.ts';

/** Where a command speaks: the answer on standard output, everything else beside it. */
export interface Terminal {
  /** Colours of the answer. */
  readonly palette: Palette;
  /** Colours of what is said beside it. */
  readonly notePalette: Palette;
  /** Writes a part of the answer, and a line break. */
  answer(text: string): void;
  /** Writes something beside the answer, and a line break. */
  note(text: string): void;
  /** The output for notes, where it can be drawn over; absent where lines must stay as they are. */
  readonly screen: WriteStream | undefined;
}

/** Creates the terminal of a command from the process's own outputs. */
export function createTerminal(options: { readonly json: boolean }): Terminal {
  const { stdout, stderr, env } = process;
  const notes = options.json ? stderr : stdout;
  // Whoever reads standard error may go away without ending the work.
  stderr.on('error', () => {});
  const drawable = notes.isTTY === true && takesColour(notes, env);
  return {
    palette: createPalette(!options.json && takesColour(stdout, env)),
    notePalette: createPalette(takesColour(notes, env)),
    answer: (text) => void stdout.write(`${text}\n`),
    note: (text) => void notes.write(`${text}\n`),
    screen: drawable ? notes : undefined,
  };
}
