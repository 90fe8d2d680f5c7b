import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  DeleteStackCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import type { Emulator } from './emulator.ts';

export type Parameters = Readonly<Record<string, string>>;

/** What a stage runs with. */
interface RunningFunction {
  readonly memory: number | undefined;
  readonly variables: Readonly<Record<string, string>>;
}

export interface Stack {
  readonly name: string;
  /** `sam deploy` with these parameters and no others. */
  deploy(parameters: Parameters): Promise<void>;
  /** As `sam delete`, which cannot read the addresses that the emulator gives to nested templates. */
  remove(): Promise<void>;
  /** Names that AWS has given, by logical id. */
  resources(): Promise<ReadonlyMap<string, string>>;
  outputs(): Promise<ReadonlyMap<string, string>>;
  /** The configuration of what the mapping of a function invokes: a version behind an alias, or the function itself. */
  running(logicalId: string): Promise<RunningFunction>;
}

const root = join(import.meta.dirname, '..', '..', '..');
const SAM_TIMEOUT_MS = 300_000;
const DELETE_SECONDS_MAX = 60;
const PAGES_MAX = 20;

/** @param template - what to deploy, as an absolute path */
export function createStack(
  emulator: Emulator,
  { name, template }: { name: string; template: string },
): Stack {
  const resources = () => listResources(emulator, name);
  return {
    name,
    resources,
    deploy: (parameters) => deploy(emulator, { name, template, parameters }),
    remove: async () => {
      const { cloudFormation: client } = emulator;
      await client.send(new DeleteStackCommand({ StackName: name }));
      await waitUntilStackDeleteComplete(
        { client, maxWaitTime: DELETE_SECONDS_MAX, minDelay: 1 },
        { StackName: name },
      );
    },
    outputs: async () => {
      const { Stacks: stacks } = await emulator.cloudFormation.send(
        new DescribeStacksCommand({ StackName: name }),
      );
      const outputs = stacks?.[0]?.Outputs ?? [];
      return new Map(outputs.map(({ OutputKey: key = '', OutputValue: value = '' }) => [key, value]));
    },
    running: async (logicalId) => {
      const functionName = required(await resources(), logicalId);
      const { EventSourceMappings: mappings = [] } = await emulator.lambda.send(
        new ListEventSourceMappingsCommand({}),
      );
      const [mapping, ...others] = mappings.filter(
        ({ FunctionArn: arn }) => arn?.split(':')[6] === functionName,
      );
      if (mapping === undefined || others.length > 0) {
        throw new Error(`${logicalId} has ${mapping === undefined ? 'no mapping' : 'several mappings'}`);
      }
      const { MemorySize: memory, Environment: environment } = await emulator.lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: mapping.FunctionArn }),
      );
      return { memory, variables: environment?.Variables ?? {} };
    },
  };
}

/** As a user deploys it: with the section `dev` of samconfig.toml, and what the emulator needs. */
async function deploy(
  emulator: Emulator,
  { name, template, parameters }: { name: string; template: string; parameters: Parameters },
): Promise<void> {
  const overrides = Object.entries(parameters).map(([key, value]) => `${key}=${value}`);
  await runSam(emulator, [
    ...['deploy', '--template-file', template, '--stack-name', name, '--no-progressbar'],
    ...['--config-file', join(root, 'samconfig.toml'), '--config-env', 'dev', '--region', 'us-east-1'],
    ...['--no-confirm-changeset', '--parameter-overrides', ...overrides],
  ]);
}

async function runSam(emulator: Emulator, args: readonly string[]): Promise<void> {
  const { AWS_PROFILE: _, AWS_SESSION_TOKEN: __, ...own } = process.env;
  // The emulator may be asked more often than AWS how far it is.
  const env = { ...own, ...emulator.environment, SAM_CLI_POLL_DELAY: '0.5' };
  try {
    await promisify(execFile)(join(root, 'scripts', 'sam.sh'), args, {
      cwd: root,
      env,
      timeout: SAM_TIMEOUT_MS,
      maxBuffer: 16 * 1024 * 1024,
    });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    const output = `${stdout}\n${stderr}`.replace(/\n\s*\n/g, '\n').slice(-3_000);
    throw new Error(`sam ${args[0]} failed:\n${output}\nThe emulator:\n${await emulator.log()}`, { cause });
  }
}

async function listResources(emulator: Emulator, name: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  let token: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { StackResourceSummaries: summaries = [], NextToken: next } = await emulator.cloudFormation.send(
      new ListStackResourcesCommand({ StackName: name, NextToken: token }),
    );
    for (const { LogicalResourceId: id, PhysicalResourceId: physicalId } of summaries) {
      if (id !== undefined && physicalId !== undefined) {
        found.set(id, physicalId);
      }
    }
    if (next === undefined) {
      return found;
    }
    token = next;
  }
  throw new Error(`Stack ${name} has more than ${PAGES_MAX} pages of resources`);
}

export function required(resources: ReadonlyMap<string, string>, logicalId: string): string {
  const name = resources.get(logicalId);
  if (name === undefined) {
    throw new Error(`The stack has no ${logicalId}; it has ${[...resources.keys()].join(', ')}`);
  }
  return name;
}
