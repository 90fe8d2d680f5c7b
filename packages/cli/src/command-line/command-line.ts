import type { RuntimeClientChoice } from '@oncefold/local-runtime';
import { type FaultSettings, faultKinds } from '@oncefold/local-runtime';
import { Command, Option } from 'commander';
import { type CompareOptions, registerCompare } from '../compare/register-compare.ts';
import { registerWorkshop, type WorkshopOptions } from '../workshop/register-workshop.ts';
import {
  collectFaults,
  collectParameter,
  parseDimensions,
  parseEndpoint,
  parseMessageCount,
  parseSeed,
} from './option-values.ts';

/** What all commands that start the pipeline take. */
export interface PipelineOptions {
  readonly template?: string;
  readonly parameterOverrides: Readonly<Record<string, string>>;
  readonly dynamodbEndpoint?: string;
  readonly kinesisEndpoint?: string;
  readonly engine: 'auto' | 'dynamodb-local' | 'dynoxide';
  /** Faults to inject; absent for none. */
  readonly fault?: FaultSettings;
  readonly runtimeClient: RuntimeClientChoice;
  readonly json: boolean;
}

/** What `oncefold demo` takes. */
export interface DemoOptions extends PipelineOptions {
  readonly messages: number;
  readonly seed?: number;
  readonly faults: 'none' | 'workshop';
  readonly strategy?: string;
  readonly mapStrategy?: string;
}

/** What `oncefold up` takes. */
export interface UpOptions extends PipelineOptions {
  readonly seed?: number;
  /** By default all with a template of one's own, and failures only without. */
  readonly logs?: 'all' | 'failures';
}

/** What `oncefold check` takes. */
export interface CheckOptions {
  readonly dynamodbEndpoint?: string;
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly stateTable: string;
  readonly aggregateTable: string;
  readonly accountingTable: string;
  readonly hierarchyDimensions: readonly string[];
  readonly json: boolean;
}

/** What the commands do; each returns the exit status. */
export interface Actions {
  demo(options: DemoOptions): Promise<number>;
  up(options: UpOptions): Promise<number>;
  check(options: CheckOptions): Promise<number>;
  compare(options: CompareOptions): Promise<number>;
  workshop(options: WorkshopOptions): Promise<number>;
}

const strategies = ['none', 'request-token', 'powertools', 'ledger', 'checkpoint'];

/**
 * Creates the command line: commands, options, their help, and what they may be.
 *
 * @param options.version - What `--version` says.
 * @param options.actions - What the commands do.
 * @param options.onExitStatus - Takes what a command returned.
 * @returns A commander program that throws `CommanderError` instead of ending the process.
 */
export function createCommandLine(options: {
  readonly version: string;
  readonly actions: Actions;
  readonly onExitStatus: (status: number) => void;
}): Command {
  const { actions, onExitStatus } = options;
  const program = new Command('oncefold')
    .description('Folds a stream into DynamoDB aggregates, exactly once, on engines of your own machine.')
    .version(options.version)
    .helpOption('-h, --help', 'show what there is to choose')
    .configureHelp({ minWidthToWrap: 30 })
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(`${text.trim().replaceAll(/\s*\n\s*/g, ' ')}\n`),
    });

  const demo = program
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
    .addOption(faultsOption())
    .addOption(
      strategyOption('--strategy <name>', 'how the reduce function commits (default: as in the template)'),
    )
    .addOption(
      strategyOption('--map-strategy <name>', 'how the map function commits (default: as in the template)'),
    )
    .addHelpText('after', demoStatuses)
    .addHelpText('after', faultHelp)
    .action(async (given: DemoOptions) => onExitStatus(await actions.demo(given)));
  addPipelineOptions(demo);

  const up = program
    .command('up')
    .description('Keep the pipeline running for producers outside, and say how to reach it.')
    .option('--seed <number>', 'seed of the failures that ParameterTable asks for', parseSeed)
    .addOption(
      new Option(
        '--logs <which>',
        'what functions write, on standard error (default: all with --template, else failures)',
      ).choices(['all', 'failures']),
    )
    .addHelpText('after', '\nEnds with Ctrl-C, and then with status 0.')
    .addHelpText('after', faultHelp)
    .action(async (given: UpOptions) => onExitStatus(await actions.up(given)));
  addPipelineOptions(up);

  addCheckOptions(program.command('check'))
    .description('Recompute every aggregate from StateTable and compare with AggregateTable, exactly.')
    .addHelpText('after', checkStatuses)
    .action(async (given: CheckOptions) => onExitStatus(await actions.check(given)));

  registerCompare(program, async (given) => onExitStatus(await actions.compare(given)));
  registerWorkshop(program, {
    addPipelineOptions,
    strategies,
    act: async (given) => onExitStatus(await actions.workshop(given)),
  });
  return program;
}

const faultHelp = `
Faults for --fault, each with a chance for every batch or request it can strike:
${Object.entries(faultKinds)
  .map(([kind, what]) => `  ${kind.padEnd(18)} ${what}`)
  .join('\n')}
  seed=NUMBER        same seed, same pattern of faults`;

const demoStatuses = `
Exit status: 0 every node is exactly equal and every message is accounted for;
             1 not so; 2 it could not run.`;

const checkStatuses = `
Let the pipeline rest meanwhile: tables are read page by page.
Credentials: the usual AWS variables and profiles, or the two options.

Exit status: 0 equal; 1 different; 2 it could not run.`;

function addPipelineOptions(command: Command): Command {
  return command
    .option('--template <file>', 'SAM template of the pipeline (default: the one of this repository)')
    .addOption(
      new Option('--parameter-overrides <Name=value...>', "values for the template's parameters")
        .argParser(collectParameter)
        .default({}, 'none'),
    )
    .option('--dynamodb-endpoint <url>', 'use the DynamoDB engine that runs there', parseEndpoint)
    .option('--kinesis-endpoint <url>', 'use the Kinesis engine that runs there', parseEndpoint)
    .addOption(
      new Option(
        '--engine <name>',
        'the DynamoDB engine that is started; auto takes what the machine can run',
      )
        .choices(['auto', 'dynamodb-local', 'dynoxide'])
        .default('auto'),
    )
    .option(
      '--fault <kind=chance,...>',
      'inject faults and list each at the end, such as redeliver=0.1,seed=42; may be repeated',
      collectFaults,
    )
    .addOption(
      new Option(
        '--runtime-client <name>',
        "what runs the handlers; auto takes Amazon's aws-lambda-ric where the project has it installed",
      )
        .choices(['auto', 'aws-lambda-ric', 'built-in'])
        .default('auto'),
    )
    .option('--json', 'one JSON object on standard output, everything else on standard error', false);
}

function addCheckOptions(command: Command): Command {
  return command
    .option(
      '--dynamodb-endpoint <url>',
      'the engine to ask (default: AWS, or AWS_ENDPOINT_URL_DYNAMODB)',
      parseEndpoint,
    )
    .option('--region <name>', 'AWS region (default: as configured; us-east-1 with an endpoint)')
    .option('--access-key-id <id>', 'access key, together with --secret-access-key')
    .option('--secret-access-key <key>', 'secret of the access key')
    .addOption(new Option('--state-table <name>', 'table of trades').env('STATE_TABLE').default('StateTable'))
    .addOption(
      new Option('--aggregate-table <name>', 'table of sums')
        .env('AGGREGATE_TABLE')
        .default('AggregateTable'),
    )
    .addOption(
      new Option('--accounting-table <name>', 'table of what became of the records')
        .env('ACCOUNTING_TABLE')
        .default('AccountingTable'),
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
    .option('--json', 'one JSON object on standard output', false);
}

function faultsOption(): Option {
  const description =
    'workshop: 5 % of state batches fail before a write, 10 % of map and reduce batches after the commit';
  return new Option('--faults <which>', description).choices(['none', 'workshop']).default('workshop');
}

function strategyOption(flags: string, description: string): Option {
  return new Option(flags, description).choices(strategies);
}
