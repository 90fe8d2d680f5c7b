import { type Command, Option } from 'commander';
import type { RunCommand } from '../command-line/command.ts';
import { parseRegion, parseSeed } from '../command-line/option-values.ts';
import { addPipelineOptions, faultHelp } from '../pipeline/pipeline-options.ts';
import type { UpOptions } from './up-options.ts';

/** Adds `oncefold up` to the command line. */
export function registerUp(program: Command, run: RunCommand): void {
  const command = program
    .command('up')
    .description('Keep the pipeline running for producers outside, and say how to reach it.')
    .option('--seed <number>', 'seed of the failures that ParameterTable asks for', parseSeed)
    .addOption(
      new Option(
        '--logs <which>',
        'what functions write, on standard error (default: all with --template, else failures)',
      ).choices(['all', 'failures']),
    )
    .option(
      '--failed-batches <folder>',
      'keep batches that are given up there, as the bucket would have them, for redrive, check and rebuild --failed-batches',
    )
    .option(
      '--until-stdin-ends',
      'end when standard input ends: with the program that holds it open, however that one ends',
    )
    .option(
      '--region <region>',
      'region of everything local (default: of samconfig.toml, or us-east-1)',
      parseRegion,
    )
    .option('--env-vars <file>', 'variables of the functions, in the JSON form of sam local')
    .option(
      '--config-file <file>',
      'configuration file of the SAM CLI (default: samconfig.toml beside the template)',
    )
    .option('--config-env <name>', 'environment of that file (default: default)')
    .option('--no-functions', 'create the tables, streams and queues only, for functions that run elsewhere')
    .addHelpText('after', '\nEnds with Ctrl-C, and then with status 0.')
    .addHelpText('after', faultHelp)
    .action((options: UpOptions) =>
      run({ name: 'up', options, load: async () => (await import('./up-command.ts')).upCommand }),
    );
  addPipelineOptions(command);
}
