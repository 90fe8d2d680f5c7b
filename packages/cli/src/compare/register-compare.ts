import { faultCodes, stageCodes, strategyCodes, transactionsCodes } from '@oncefold/comparison/descriptions';
import { type Command, Option } from 'commander';
import type { RunCommand } from '../command-line/command.ts';
import { parseNames, parseSeed, parseWholeNumber } from '../command-line/option-values.ts';
import type { CompareOptions } from './compare-options.ts';

/** A fixed default, so that everybody has the same comparison. */
const SEED = 42;
/** With fewer there are too few records for the batches that every fault needs. */
const MESSAGES_MIN = 60;
/** More would take too long. */
const MESSAGES_MAX = 10_000;

export function registerCompare(program: Command, run: RunCommand): void {
  program
    .command('compare')
    .description('Run every strategy against every fault on local engines, and compare sums and costs.')
    .option(
      '--messages <count>',
      `trade messages behind the input, ${MESSAGES_MIN} to ${MESSAGES_MAX} (default: 400, with --quick 120)`,
      parseWholeNumber(MESSAGES_MIN, MESSAGES_MAX),
    )
    .option('--seed <number>', 'same seed, same input and same faults', parseSeed, SEED)
    .option('--strategies <names>', `some of ${strategyCodes.join(',')} (default: all)`, (text: string) =>
      parseNames(text, strategyCodes),
    )
    .option(
      '--faults <names>',
      `some of ${faultCodes.join(',')} (default: all; with some, overheads are not measured)`,
      (text: string) => parseNames(text, faultCodes),
    )
    .addOption(new Option('--stage <name>', 'one stage alone (default: both)').choices([...stageCodes]))
    .addOption(
      new Option(
        '--transactions <count>',
        'only batches that need one transaction, or several (default: both)',
      ).choices([...transactionsCodes]),
    )
    .option('--quick', 'each fault once per cell, with fewer batches', false)
    .option(
      '--output <folder>',
      'where report.json and report.html go (default: oncefold-report; a part of the comparison is not written)',
    )
    .option('--json', 'the report as one JSON object on standard output, progress on standard error', false)
    .addHelpText('after', statuses)
    .action((options: CompareOptions) =>
      run({
        name: 'compare',
        options,
        load: async () => (await import('./compare-command.ts')).compareCommand,
      }),
    );
}

const statuses = `
Exit status: 0 all cells ran; 1 a strategy that promises to be exact was not;
             2 it could not run, or a cell has no result.`;
