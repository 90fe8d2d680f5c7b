import { type Command, Option } from 'commander';
import type { RunCommand } from '../command-line/command.ts';
import { addStackOption, givenOptions } from '../stack/stack-option.ts';
import { addFailedBatchOptions } from '../tables/failed-batch-options.ts';
import { addConnectionOptions } from '../tables/pipeline-options.ts';
import type { RedriveOptions } from './redrive-options.ts';

const statuses = `
Without --show, --send, --all and --dismiss it lists what is open. Nothing is deleted without --delete; what is sent or dismissed is noted,
and not offered again.
Whatever was applied of a batch in part, and however often it is sent, each record counts once.
Region, credentials and endpoints: the options, or the usual AWS variables and profiles; the endpoints of Kinesis and Lambda by
AWS_ENDPOINT_URL_KINESIS and AWS_ENDPOINT_URL_LAMBDA.

Exit status: 0 done; 1 something was refused, or has failed; 2 it could not run.`;

/** Adds `oncefold redrive` to the command line. */
export function registerRedrive(program: Command, run: RunCommand): void {
  const command = program
    .command('redrive')
    .description(
      'Show batches that were given up and records that were quarantined, and send them again, exactly.',
    );
  addFailedBatchOptions(addConnectionOptions(addStackOption(command)))
    .addOption(
      tableOption('quarantine', 'table of quarantined records', 'QUARANTINE_TABLE', 'QuarantineTable'),
    )
    .addOption(tableOption('state', 'table of trades', 'STATE_TABLE', 'StateTable'))
    .addOption(new Option('--show <id>', 'print a batch or a record whole').conflicts(['send', 'all']))
    .addOption(new Option('--send <ids...>', 'send these again').conflicts('all'))
    .addOption(
      new Option(
        '--dismiss <ids...>',
        'note that these batches are not to be sent, because a rebuild has made up for them',
      ).conflicts(['show', 'send', 'all', 'fix', 'delete']),
    )
    .option('--all', 'send everything again that is open and can be', false)
    .option('--fix <file>', 'send the bytes of this file instead of those of the one quarantined record')
    .option(
      '--delete',
      'delete batches from the bucket once they are redriven, now or before, and those that were dismissed',
      false,
    )
    .option('--dry-run', 'say what would be sent, and send nothing', false)
    .option('--yes', 'ask nothing; needed where there is no terminal', false)
    .option('--json', 'one JSON object on standard output', false)
    .addHelpText('after', statuses)
    .action((options: RedriveOptions) => {
      if (options.delete && options.send === undefined && !options.all) {
        command.error("error: option '--delete' has an effect only with '--send' or '--all'");
      }
      return run({
        name: 'redrive',
        options: { ...options, given: givenOptions(command) },
        load: async () => (await import('./redrive-command.ts')).redriveCommand,
      });
    });
}

function tableOption(table: string, description: string, variable: string, name: string): Option {
  return new Option(`--${table}-table <name>`, description).env(variable).default(name);
}
