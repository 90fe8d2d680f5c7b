import { writeSync } from 'node:fs';
import { printable } from '../terminal/printable.ts';

const STANDARD_ERROR = 2;

/** Says why a process ends. */
export interface LastWords {
  /** Writes a line at once, so that not even `process.exit` cuts it off. */
  say(line: string): void;
  /** The command has come to its own end, and has said what there was to say. */
  done(): void;
}

/**
 * Makes sure that no end is silent.
 *
 * A process that exits although its command is not done, whoever made it exit and whatever status was meant, says so and never
 * ends with status 0.
 *
 * @param status - what the process ends with where it would have ended with 0
 */
export function createLastWords(status: number): LastWords {
  let isExplained = false;
  const write = (line: string): void => {
    isExplained = true;
    try {
      writeSync(STANDARD_ERROR, `oncefold: ${printable(line)}\n`);
    } catch {
      // Nobody reads standard error, or its pipe is full; there is no other place to say it.
    }
  };
  const onExit = (code: number): void => {
    if (!isExplained) {
      write(`ended before its work was done (exit status ${code})`);
    }
    if (code === 0) {
      process.exitCode = status;
    }
  };
  process.once('exit', onExit);
  return { say: write, done: () => void process.off('exit', onExit) };
}
