import { type Command, Option } from 'commander';
import type { RunCommand } from '../command-line/command.ts';
import { parseDimensions, parseWholeNumber } from '../command-line/option-values.ts';
import { addRecountOptions } from '../recount/recount-options.ts';
import { givenOptions } from '../stack/stack-option.ts';
import { addPipelineTableOptions, unrecordedDimensionsOption } from '../tables/pipeline-options.ts';
import type { CheckOptions } from './check-options.ts';

const statuses = `
It writes nothing unless --live is given. Sums that differ are looked at again, because what is under way looks like a difference;
where a pipeline does not come to rest, --live decides.
Credentials: the usual AWS variables and profiles, or the two options.

Exit status: 0 equal; 1 different; 2 it could not run; 3 not decided, because the pipeline is at work, or because
batches that were given up wait to be redriven.`;

const WAIT_SECONDS_MAX = 86_400;

/** Adds `oncefold check` to the command line. */
export function registerCheck(program: Command, run: RunCommand): void {
  const command = program
    .command('check')
    .description('Recompute every aggregate from StateTable and compare with AggregateTable, exactly.');
  addPipelineTableOptions(command)
    .addOption(unrecordedDimensionsOption())
    .addOption(
      new Option('--hierarchy-dimensions <names>', 'former name of --unrecorded-hierarchy-dimensions')
        .argParser(parseDimensions)
        .hideHelp(),
    )
    .option('--path <node>', 'check this node and everything below it only')
    .option(
      '--wait <seconds>',
      'how long to wait for a working pipeline to come to rest',
      parseWholeNumber(0, WAIT_SECONDS_MAX),
      30,
    )
    .option(
      '--live',
      'decide on a running pipeline; writes a mark to each trade and a second one to one in a hundred (in a small table to all), and puts, marks and deletes 1,000 items of its own',
      false,
    );
  addRecountOptions(command)
    .option('--json', 'one JSON object on standard output', false)
    .addHelpText('after', statuses)
    .action((typed: TypedOptions) => {
      refuseWithoutEffect(command, typed);
      return run({
        name: 'check',
        options: withFormerName(typed, givenOptions(command)),
        load: async () => (await import('./check-command.ts')).checkCommand,
      });
    });
}

type TypedOptions = CheckOptions & { readonly hierarchyDimensions?: readonly string[] };

/** Only a recount has a rate, and something to ask; and only looks wait for the pipeline to come to rest. */
function refuseWithoutEffect(command: Command, { live }: TypedOptions): void {
  if (live && command.getOptionValueSource('wait') === 'cli') {
    command.error(
      "error: option '--wait' has no effect with '--live', which waits for the stages as long as they go on: leave one of the two out",
    );
  }
  for (const option of live ? [] : ['rate', 'yes']) {
    if (command.getOptionValueSource(option) === 'cli') {
      command.error(`error: option '--${option}' has an effect only with '--live'`);
    }
  }
}

function withFormerName(
  { hierarchyDimensions, ...options }: TypedOptions,
  given: readonly string[],
): CheckOptions {
  return hierarchyDimensions === undefined
    ? { ...options, given }
    : {
        ...options,
        unrecordedHierarchyDimensions: hierarchyDimensions,
        given: [...given, 'unrecordedHierarchyDimensions'],
      };
}
