import type { Command } from 'commander';
import type { RunCommand } from '../command-line/command.ts';
import { parseSeed, parseWholeNumber } from '../command-line/option-values.ts';
import { addPipelineOptions, strategyOption } from '../pipeline/pipeline-options.ts';
import type { WorkshopOptions } from './workshop-options.ts';

const statuses = `
From the second half of the rounds on, 5 % of state batches fail before a write, and 10 % of map and reduce batches after
their commit. A round is judged when the pipeline is at rest, or when the interval is over.

Exit status: 0 every round was perfect; 1 not so; 2 it could not run.`;

/** Adds `oncefold workshop` to the command line. */
export function registerWorkshop(program: Command, run: RunCommand): void {
  const command = program
    .command('workshop')
    .description('Play rounds of the workshop: send its load, judge every sum, keep the score.')
    .option('--rounds <count>', 'how many rounds are played, 1 to 1000', parseWholeNumber(1, 1_000), 3)
    .option(
      '--interval <seconds>',
      'time to be exact after the last message of a round, 1 to 3600',
      parseWholeNumber(1, 3_600),
      30,
    )
    .option('--messages <count>', 'messages of a round, 40 to 100000', parseWholeNumber(40, 100_000), 10_000)
    .option(
      '--seed <number>',
      'same seed, same messages and same faults; drawn at random if absent',
      parseSeed,
    )
    .addOption(strategyOption('--strategy <name>', 'how the reduce function commits'))
    .addHelpText('after', statuses)
    .action((options: WorkshopOptions) =>
      run({
        name: 'workshop',
        options,
        load: async () => (await import('./workshop-command.ts')).workshopCommand,
      }),
    );
  addPipelineOptions(command);
}
