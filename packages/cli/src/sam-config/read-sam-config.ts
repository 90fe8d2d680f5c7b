import { readFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import { isRegion } from '../command-line/option-values.ts';
import { whyUnreadable } from '../command-line/why-unreadable.ts';
import { parseParameterOverrides } from './parse-parameter-overrides.ts';

/** What a configuration file of the SAM CLI has for a local run. */
export interface SamConfig {
  /** Absolute path of the file. */
  readonly file: string;
  readonly environment: string;
  /** False where the file has no such environment, which only the default one may lack. */
  readonly isFound: boolean;
  /** All environments of the file. */
  readonly environments: readonly string[];
  readonly settings: SamSettings;
}

export interface SamSettings {
  /** Absolute path. */
  readonly template?: string;
  readonly parameterOverrides: Readonly<Record<string, string>>;
  readonly region?: string;
  readonly stackName?: string;
  /** Absolute path of a file as `--env-vars` takes it. */
  readonly envVars?: string;
}

type Table = Readonly<Record<string, unknown>>;

const DEFAULT_ENVIRONMENT = 'default';

const PARSERS: ReadonlyMap<string, (text: string) => unknown> = new Map([
  ['.toml', (text) => parseToml(text)],
  ['.yaml', (text) => parseYaml(text)],
  ['.yml', (text) => parseYaml(text)],
]);

/**
 * The commands whose parameters are taken, the later over the earlier: what the stack is deployed with, and what a local run of its
 * functions is given.
 */
const COMMANDS = ['global', 'deploy', 'local_invoke', 'local_start_lambda'];

/**
 * Reads the parameters of one environment from `samconfig.toml` or `samconfig.yaml`.
 *
 * A parameter of a command replaces the one of `global`, whole, as in the SAM CLI. Paths in the file are meant from its folder.
 * What has no meaning for a local run is passed over.
 *
 * @throws {@link CouldNotRunError} when the file cannot be read, or does not have the environment
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
 */
export function readSamConfig(options: {
  readonly file: string;
  /** The environment that was asked for by name; `default`, which may be absent, otherwise. */
  readonly environment?: string | undefined;
}): SamConfig {
  const file = resolve(options.file);
  const { environment = DEFAULT_ENVIRONMENT } = options;
  const document = parse(file);
  const environments = Object.keys(document).filter((name) => isTable(document[name]));
  const isFound = environments.includes(environment);
  if (options.environment !== undefined && !isFound) {
    throw new CouldNotRunError(
      `${file} has no environment ${environment}; it has ${environments.join(', ') || 'none'}`,
    );
  }
  const inFile = readerOf(file);
  const commands = isFound ? (document[environment] as Table) : {};
  const parameters: Record<string, unknown> = {};
  const places: Record<string, string> = {};
  for (const command of COMMANDS) {
    const place = `${environment}.${command}.parameters`;
    for (const [name, value] of Object.entries(inFile.parameters(commands[command], place))) {
      parameters[name] = value;
      places[name] = `${place}.${name}`;
    }
  }
  const at = (name: string): [unknown, string] => [parameters[name], places[name] ?? name];
  const template = inFile.text(...at('template_file')) ?? inFile.text(...at('template'));
  const region = inFile.region(...at('region'));
  const stackName = inFile.text(...at('stack_name'));
  const envVars = inFile.text(...at('env_vars'));
  return {
    file,
    environment,
    isFound,
    environments,
    settings: {
      parameterOverrides: inFile.overrides(...at('parameter_overrides')),
      ...(template !== undefined && { template: resolve(dirname(file), template) }),
      ...(region !== undefined && { region }),
      ...(stackName !== undefined && { stackName }),
      ...(envVars !== undefined && { envVars: resolve(dirname(file), envVars) }),
    },
  };
}

function parse(file: string): Table {
  const read = PARSERS.get(extname(file));
  if (read === undefined) {
    throw new CouldNotRunError(
      `${file} is not a configuration file of the SAM CLI: it must end in .toml, .yaml or .yml`,
    );
  }
  let document: unknown;
  try {
    document = read(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new CouldNotRunError(`could not read ${file}: ${whyUnreadable(cause)}`, { cause });
  }
  // An empty YAML file is null.
  if (!isTable(document ?? {})) {
    throw new CouldNotRunError(`${file} has no environments`);
  }
  return (document ?? {}) as Table;
}

/** Reads values, and names file and place in what is wrong with them. */
function readerOf(file: string) {
  const refuse = (place: string, problem: string): never => {
    throw new CouldNotRunError(`${file}: ${place} ${problem}`);
  };
  const overridesOf = (value: unknown, place: string): Readonly<Record<string, string>> => {
    const found = typeof value === 'string' ? parseParameterOverrides(value) : undefined;
    return found ?? refuse(place, 'must have the form "Name=value Name=value", or be a list of such texts');
  };
  return {
    parameters(command: unknown, place: string): Table {
      const parameters = isTable(command) ? command['parameters'] : command;
      if (parameters === undefined) {
        return {};
      }
      return isTable(parameters) ? parameters : refuse(place, 'is not a table');
    },
    text(value: unknown, place: string): string | undefined {
      return value === undefined || typeof value === 'string' ? value : refuse(place, 'must be text');
    },
    region(value: unknown, place: string): string | undefined {
      if (value === undefined || (typeof value === 'string' && isRegion(value))) {
        return value;
      }
      return refuse(place, 'must be a region such as eu-west-1');
    },
    overrides(value: unknown, place: string): Readonly<Record<string, string>> {
      if (value === undefined) {
        return {};
      }
      const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
      return Object.assign({}, ...parts.map((part) => overridesOf(part, place)));
    },
  };
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
