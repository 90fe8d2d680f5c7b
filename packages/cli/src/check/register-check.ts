import { type Command, Option } from 'commander';
import type { RunCommand } from '../command-line/command.ts';
import { parseDimensions, parseEndpoint } from '../command-line/option-values.ts';
import type { CheckOptions } from './check-options.ts';

const statuses = `
Let the pipeline rest meanwhile: tables are read page by page.
Credentials: the usual AWS variables and profiles, or the two options.

Exit status: 0 equal; 1 different; 2 it could not run.`;

/** Adds `oncefold check` to the command line. */
export function registerCheck(program: Command, run: RunCommand): void {
  program
    .command('check')
    .description('Recompute every aggregate from StateTable and compare with AggregateTable, exactly.')
    .option(
      '--dynamodb-endpoint <url>',
      'the engine to ask (default: AWS, or AWS_ENDPOINT_URL_DYNAMODB)',
      parseEndpoint,
    )
    .option('--region <name>', 'AWS region (default: as configured; us-east-1 with an endpoint)')
    .option('--access-key-id <id>', 'access key, together with --secret-access-key')
    .option('--secret-access-key <key>', 'secret of the access key')
    .addOption(tableOption('state', 'table of trades', 'STATE_TABLE', 'StateTable'))
    .addOption(tableOption('aggregate', 'table of sums', 'AGGREGATE_TABLE', 'AggregateTable'))
    .addOption(
      tableOption('accounting', 'table of what became of the records', 'ACCOUNTING_TABLE', 'AccountingTable'),
    )
    .addOption(
      new Option(
        '--hierarchy-dimensions <names>',
        'dimensions of trades whose items record none, with commas between them',
      )
        // As the map function reads them.
        .env(
          process.env['UNRECORDED_HIERARCHY_DIMENSIONS']
            ? 'UNRECORDED_HIERARCHY_DIMENSIONS'
            : 'HIERARCHY_DIMENSIONS',
        )
        .argParser(parseDimensions)
        .default(['RiskType', 'TradeDesk', 'Region'], 'RiskType,TradeDesk,Region'),
    )
    .option('--json', 'one JSON object on standard output', false)
    .addHelpText('after', statuses)
    .action((options: CheckOptions) =>
      run({ name: 'check', options, load: async () => (await import('./check-command.ts')).checkCommand }),
    );
}

function tableOption(table: string, description: string, variable: string, name: string): Option {
  return new Option(`--${table}-table <name>`, description).env(variable).default(name);
}
