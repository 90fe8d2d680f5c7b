import type { Command } from 'commander';
import { parseWholeNumber } from '../command-line/option-values.ts';

/** Map and reduce process the marks besides the traffic: so many are little for them. */
const RATE = 1_000;
const RATE_MAX = 1_000_000;

/** Adds the options of commands that run a recount. */
export function addRecountOptions(command: Command): Command {
  return command
    .option(
      '--rate <number>',
      'marks a second; 0 for as many as the table takes',
      parseWholeNumber(0, RATE_MAX),
      RATE,
    )
    .option('--yes', 'ask nothing; needed where there is no terminal', false);
}
