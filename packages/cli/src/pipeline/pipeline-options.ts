import { strategyCodes } from '@oncefold/comparison/descriptions';
import { type FaultSettings, faultKinds, type RuntimeClientChoice } from '@oncefold/local-runtime';
import { type Command, Option } from 'commander';
import {
  collectFaults,
  collectParameter,
  parseEndpoint,
  parseWholeNumber,
} from '../command-line/option-values.ts';
import { existingTemplate } from './existing-template.ts';

/** What all commands that start the pipeline take. */
export interface PipelineOptions {
  readonly template?: string;
  readonly parameterOverrides: Readonly<Record<string, string>>;
  /** Region of everything local; default `us-east-1`. */
  readonly region?: string;
  /** Value of `AWS::StackName`. */
  readonly stackName?: string;
  readonly dynamodbEndpoint?: string;
  readonly kinesisEndpoint?: string;
  readonly sqsEndpoint?: string;
  readonly engine: 'auto' | 'dynamodb-local' | 'dynoxide';
  /** Faults to inject; absent for none. */
  readonly fault?: FaultSettings;
  readonly runtimeClient: RuntimeClientChoice;
  /** Serve a page that shows what happens, and open it. */
  readonly open?: boolean;
  /** Port of that page; absent for a free one. */
  readonly port?: number;
  readonly json: boolean;
}

/** Help for `--fault`. */
export const faultHelp: string = `
Faults for --fault, each with its probability per batch or request:
${Object.entries(faultKinds)
  .map(([kind, what]) => `  ${kind.padEnd(18)} ${what}`)
  .join('\n')}
  seed=NUMBER        same seed, same pattern of faults`;

export function addPipelineOptions(command: Command): void {
  command
    .option(
      '--template <file>',
      "SAM template to run (default: Oncefold's own; up takes that of the folder first)",
      existingTemplate,
    )
    .addOption(
      new Option('--parameter-overrides <Name=value...>', "values for the template's parameters")
        .argParser(collectParameter)
        .default({}, 'none'),
    )
    .option('--dynamodb-endpoint <url>', 'use the DynamoDB engine that runs there', parseEndpoint)
    .option('--kinesis-endpoint <url>', 'use the Kinesis engine that runs there', parseEndpoint)
    .option(
      '--sqs-endpoint <url>',
      'use the SQS engine that runs there, for the queues of a template',
      parseEndpoint,
    )
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
    .option('--open', 'show what happens on a page, served on this machine only, and open it in the browser')
    .addOption(
      new Option('--port <number>', 'port of that page (default: a free one); implies --open')
        .argParser(parseWholeNumber(1, 65_535))
        .implies({ open: true }),
    )
    .option('--json', 'one JSON object on standard output, everything else on standard error', false);
}

/** An option that names a commit strategy. */
export function strategyOption(flags: string, description: string): Option {
  return new Option(flags, `${description} (default: as in the template)`).choices(strategyCodes);
}
