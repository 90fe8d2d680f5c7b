import { RETENTION_SECONDS_MAX } from '@oncefold/commit';
import { type Command, Option } from 'commander';
import { parseDimensions, parseEndpoint, parseWholeNumber } from '../command-line/option-values.ts';
import type { DeployedStack } from '../stack/read-stack.ts';
import { addStackOption, type StackOptions } from '../stack/stack-option.ts';
import type { ConnectionOptions } from './connection.ts';
import { addFailedBatchOptions, type FailedBatchOptions } from './failed-batch-options.ts';

/** A pipeline as its tables show it: their names, and what the functions are set up with. */
export interface PipelineTableOptions
  extends Omit<StackOptions, 'region'>,
    ConnectionOptions,
    FailedBatchOptions {
  readonly stateTable: string;
  readonly reduceTable: string;
  readonly aggregateTable: string;
  readonly ledgerTable: string;
  readonly recountTable: string;
  readonly accountingTable: string;
  readonly quarantineTable: string;
  readonly namespace: string;
  readonly reduceStrategy: string;
  readonly reduceSource?: string;
  readonly ledgerRetentionSeconds: number;
  readonly unrecordedHierarchyDimensions: readonly string[];
}

/** The template's defaults. */
const tables: readonly (readonly [string, string, string])[] = [
  ['state', 'StateTable', 'table of trades'],
  ['reduce', 'ReduceTable', 'table of rows of sums'],
  ['aggregate', 'AggregateTable', 'table of sums'],
  ['ledger', 'LedgerTable', 'table of markers'],
  ['recount', 'RecountTable', 'table of recounts'],
  ['accounting', 'AccountingTable', 'table of what became of the records'],
  ['quarantine', 'QuarantineTable', 'table of records that could not be summed'],
];

/** The template's own values of ReduceStrategy. */
const REDUCE_STRATEGIES: readonly string[] = ['ledger', 'checkpoint', 'request-token', 'powertools', 'none'];

/** Adds the options by which a command finds a pipeline; each variable is named as the functions' own. */
export function addPipelineTableOptions(command: Command): Command {
  addConnectionOptions(addStackOption(command));
  for (const [name, table, description] of tables) {
    command.addOption(
      new Option(`--${name}-table <name>`, description).env(`${name.toUpperCase()}_TABLE`).default(table),
    );
  }
  return addFailedBatchOptions(command)
    .addOption(
      new Option('--namespace <name>', 'Namespace of the pipeline').env('NAMESPACE').default('oncefold'),
    )
    .addOption(
      new Option('--reduce-strategy <name>', 'ReduceStrategy of the pipeline')
        .choices(REDUCE_STRATEGIES)
        .default('ledger'),
    )
    .option('--reduce-source <arn>', "ARN of the reduce table's stream (default: as the table says)")
    .addOption(
      new Option('--ledger-retention-seconds <number>', 'LedgerRetentionSeconds of the pipeline')
        .env('LEDGER_RETENTION_SECONDS')
        .argParser(parseWholeNumber(1, RETENTION_SECONDS_MAX))
        .default(691_200),
    );
}

/** Adds the options that say where the tables are, and who asks. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option(
      '--dynamodb-endpoint <url>',
      'the engine to ask (default: AWS, or AWS_ENDPOINT_URL_DYNAMODB)',
      parseEndpoint,
    )
    .option('--region <name>', 'AWS region (default: as configured; us-east-1 with an endpoint)')
    .option('--access-key-id <id>', 'access key, together with --secret-access-key')
    .option('--secret-access-key <key>', 'secret of the access key');
}

/** What a deployed stack says of the options. */
export function optionsOfStack(stack: DeployedStack): Partial<PipelineTableOptions> {
  const { tables: names, strategies, namespace, retentionSeconds, unrecordedHierarchyDimensions } = stack;
  const said = {
    stateTable: names.state,
    reduceTable: names.reduce,
    aggregateTable: names.aggregate,
    ledgerTable: names.ledger,
    recountTable: names.recount,
    accountingTable: names.accounting,
    quarantineTable: names.quarantine,
    bucket: stack.failedBatchBucket,
    reduceStrategy: strategies.reduce,
    namespace,
    ledgerRetentionSeconds: retentionSeconds,
    unrecordedHierarchyDimensions,
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

/** The dimensions of trades whose items record none, as the map function reads them. */
export function unrecordedDimensionsOption(): Option {
  return new Option(
    '--unrecorded-hierarchy-dimensions <names>',
    'dimensions of trades whose items record none, with commas between them; UNRECORDED_HIERARCHY_DIMENSIONS wins over HIERARCHY_DIMENSIONS',
  )
    .env(
      process.env['UNRECORDED_HIERARCHY_DIMENSIONS']
        ? 'UNRECORDED_HIERARCHY_DIMENSIONS'
        : 'HIERARCHY_DIMENSIONS',
    )
    .argParser(parseDimensions)
    .default(['RiskType', 'TradeDesk', 'Region'], 'RiskType,TradeDesk,Region');
}
