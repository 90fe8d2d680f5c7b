import { basename, dirname, resolve } from 'node:path';
import { readDocuments } from '@oncefold/sam-template';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import { type EnvVars, readEnvVars } from '../env-vars/read-env-vars.ts';
import { existingTemplate } from '../pipeline/existing-template.ts';
import type { PipelineOptions } from '../pipeline/pipeline-options.ts';
import { findSamConfig } from '../sam-config/find-sam-config.ts';
import { readSamConfig, type SamConfig } from '../sam-config/read-sam-config.ts';
import { findTemplate } from './find-template.ts';
import type { UpOptions } from './up-options.ts';

/** What runs, and how: the options, and where they say nothing the project's configuration of the SAM CLI. */
export interface Settings {
  /** The options with what the configuration adds. */
  readonly options: UpOptions & Pick<PipelineOptions, 'region' | 'stackName'>;
  readonly envVars: EnvVars | undefined;
  readonly config: SamConfig | undefined;
  /** One sentence each, without a stop. */
  readonly warnings: readonly string[];
}

type Given = Pick<
  UpOptions,
  'template' | 'parameterOverrides' | 'region' | 'envVars' | 'configFile' | 'configEnv'
>;

/**
 * Joins the options with `samconfig.toml`.
 *
 * An option wins over the file; parameters of the template are joined name by name. Only an application of a template has a
 * configuration: Oncefold's own pipeline takes none.
 *
 * @param directory - folder in which the command is started; its template runs where none is named
 */
export async function readSettings(given: UpOptions, directory: string = process.cwd()): Promise<Settings> {
  const options = withTemplate(given, directory);
  const config = readConfig(options);
  const found = config?.settings;
  const template = options.template ?? found?.template;
  if (template === undefined && config !== undefined) {
    throw new CouldNotRunError(`${config.file} names no template_file: say which with --template`);
  }
  if (template !== undefined) {
    existingTemplate(template);
  }
  const region = options.region ?? found?.region;
  const envVars = options.envVars ?? found?.envVars;
  const configured = found?.parameterOverrides ?? {};
  const names = template === undefined ? undefined : await declaredParameters(resolve(template));
  const isDeclared = (name: string): boolean => names?.has(name) ?? true;
  const taken = Object.entries(configured).filter(([name]) => isDeclared(name));
  const left = Object.keys(configured).filter((name) => !isDeclared(name));
  return {
    options: {
      ...options,
      parameterOverrides: { ...Object.fromEntries(taken), ...options.parameterOverrides },
      ...(template !== undefined && { template }),
      ...(region !== undefined && { region }),
      ...(found?.stackName !== undefined && { stackName: found.stackName }),
    },
    envVars: envVars === undefined ? undefined : readEnvVars(envVars),
    config,
    warnings: [
      ...(config === undefined || config.isFound ? [] : [noEnvironment(config)]),
      ...left.map((name) => `${config?.file} gives ${name} a value, and the template has no such parameter`),
    ],
  };
}

/** A configuration that is named may name the template itself. */
function withTemplate(options: UpOptions, directory: string): UpOptions {
  const found =
    options.template === undefined && options.configFile === undefined ? findTemplate(directory) : undefined;
  return found === undefined ? options : { ...options, template: found };
}

function readConfig({ template, configFile, configEnv: environment }: Given): SamConfig | undefined {
  if (configFile !== undefined) {
    return readSamConfig({ file: configFile, environment });
  }
  if (template === undefined) {
    if (environment !== undefined) {
      throw new CouldNotRunError('--config-env chooses from the configuration of a --template: name one');
    }
    return undefined;
  }
  const folder = projectFolder(resolve(template));
  const file = findSamConfig(folder);
  if (file === undefined && environment !== undefined) {
    throw new CouldNotRunError(`there is no samconfig.toml in ${folder} that could have ${environment}`);
  }
  return file === undefined ? undefined : readSamConfig({ file, environment });
}

/** The configuration is beside the template that people write, not beside the one that `sam build` makes of it. */
function projectFolder(template: string): string {
  const folder = dirname(template);
  const isBuilt = basename(folder) === 'build' && basename(dirname(folder)) === '.aws-sam';
  return isBuilt ? resolve(folder, '../..') : folder;
}

function noEnvironment({ file, environment, environments }: SamConfig): string {
  const choice = environments.length === 0 ? '' : `; --config-env takes ${environments.join(', ')}`;
  return `${file} has no environment ${environment}, so that nothing of it is used${choice}`;
}

/** The SAM CLI leaves out what a template does not have: one file may be for several. */
async function declaredParameters(template: string): Promise<ReadonlySet<string> | undefined> {
  // What is wrong with the template is said where it is read to be run.
  const documents = await readDocuments(template).catch(() => undefined);
  const document = documents?.get(template) as { readonly Parameters?: unknown } | undefined;
  const parameters = document?.Parameters;
  return typeof parameters === 'object' && parameters !== null ? new Set(Object.keys(parameters)) : new Set();
}
