import { type Command, Option } from 'commander';
import type { RunCommand } from '../command-line/command.ts';
import { parseMessageCount, parseSeed } from '../command-line/option-values.ts';
import { addPipelineOptions, faultHelp, strategyOption } from '../pipeline/pipeline-options.ts';
import type { DemoOptions } from './demo-options.ts';

const statuses = `
Exit status: 0 every node is exactly equal and every message is accounted for;
             1 not so; 2 it could not run.`;

/** Adds `oncefold demo` to the command line. */
export function registerDemo(program: Command, run: RunCommand): void {
  const command = program
    .command('demo')
    .description(
      'Send trades through the whole pipeline, with failures on the way, and compare every aggregate.',
    )
    .option('--messages <count>', 'how many messages are sent, 1 to 1000000', parseMessageCount, 10_000)
    .option(
      '--seed <number>',
      'same seed, same messages and same faults; drawn at random if absent',
      parseSeed,
    )
    .addOption(
      new Option(
        '--faults <which>',
        'workshop: 5 % of state batches fail before a write, 10 % of map and reduce batches after the commit',
      )
        .choices(['none', 'workshop'])
        .default('workshop'),
    )
    .addOption(strategyOption('--strategy <name>', 'how the reduce function commits'))
    .addOption(strategyOption('--map-strategy <name>', 'how the map function commits'))
    .addHelpText('after', statuses)
    .addHelpText('after', faultHelp)
    .action((options: DemoOptions) =>
      run({ name: 'demo', options, load: async () => (await import('./demo-command.ts')).demoCommand }),
    );
  addPipelineOptions(command);
}
