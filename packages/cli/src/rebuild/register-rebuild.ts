import { type Command, Option } from 'commander';
import type { RunCommand } from '../command-line/command.ts';
import { parseDimensions, parseWholeNumber } from '../command-line/option-values.ts';
import { addRecountOptions } from '../recount/recount-options.ts';
import { givenOptions } from '../stack/stack-option.ts';
import { addPipelineTableOptions, unrecordedDimensionsOption } from '../tables/pipeline-options.ts';
import type { RebuildOptions } from './rebuild-options.ts';

const SETTLE_SECONDS_MAX = 86_400;

const statuses = `
The pipeline goes on meanwhile. Ended at any point, the sums are as they were or repaired; run it again, and it begins anew.
Credentials: the usual AWS variables and profiles, or the two options.

Exit status: 0 exact, or repaired; 1 with --dry-run: it would change something; 2 it could not run; 3 exact but for batches that
were given up and wait to be redriven, or with --dry-run: not decided, because the pipeline is at work.`;

/** Adds `oncefold rebuild` to the command line. */
export function registerRebuild(program: Command, run: RunCommand): void {
  const command = program
    .command('rebuild')
    .description('Add up all trades again beside the running pipeline, and repair the sums that differ.');
  addPipelineTableOptions(command)
    .addOption(unrecordedDimensionsOption())
    .option('--path <node>', 'rebuild this node and everything below it only')
    .option(
      '--hierarchy-dimensions <names>',
      'move trades that have not changed to these dimensions, with commas between them',
      parseDimensions,
    )
    .option('--dry-run', 'only read, and say what would be done', false)
    .addOption(
      new Option('--abort', 'end a recount that was left running')
        .default(false)
        .conflicts(['dryRun', 'path', 'hierarchyDimensions']),
    );
  addRecountOptions(command)
    .option(
      '--settle <seconds>',
      'before sums are compared, wait so long for requests that are still on their way (default: 1500, on a loopback address 0)',
      parseWholeNumber(0, SETTLE_SECONDS_MAX),
    )
    .option('--json', 'one JSON object on standard output', false)
    .addHelpText('after', statuses)
    .action((options: RebuildOptions) =>
      run({
        name: 'rebuild',
        options: { ...options, given: givenOptions(command) },
        load: async () => (await import('./rebuild-command.ts')).rebuildCommand,
      }),
    );
}
