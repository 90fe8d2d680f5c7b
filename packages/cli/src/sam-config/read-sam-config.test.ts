import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSamConfig } from './find-sam-config.ts';
import { readSamConfig } from './read-sam-config.ts';

let folder = '';

function write(text: string, name = 'samconfig.toml'): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const toml = `
version = 0.1
[default.global.parameters]
stack_name = "orders"
region = "eu-west-1"
[default.build.parameters]
cached = true
template_file = "other.yaml"
[default.deploy.parameters]
region = "eu-central-1"
parameter_overrides = "Stage=\\"the last one\\" Names=lab"
capabilities = ["CAPABILITY_IAM"]
[default.local_start_lambda.parameters]
env_vars = "locals.json"
template = "app/template.yaml"
[dev.deploy.parameters]
parameter_overrides = ["Stage=dev", "ParameterKey=Names,ParameterValue=lab"]
`;

describe('readSamConfig', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'oncefold-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('takes what the stack is deployed with, and over it what local runs are given', () => {
    const file = write(toml);
    expect(readSamConfig({ file })).toEqual({
      file,
      environment: 'default',
      isFound: true,
      environments: ['default', 'dev'],
      settings: {
        template: join(folder, 'app', 'template.yaml'),
        parameterOverrides: { Stage: 'the last one', Names: 'lab' },
        region: 'eu-central-1',
        stackName: 'orders',
        envVars: join(folder, 'locals.json'),
      },
    });
  });

  it('takes another environment, and nothing of the default one with it', () => {
    expect(readSamConfig({ file: write(toml), environment: 'dev' }).settings).toEqual({
      parameterOverrides: { Stage: 'dev', Names: 'lab' },
    });
  });

  it('reads the same from YAML', () => {
    const file = write(
      'version: 0.1\ndefault:\n  deploy:\n    parameters:\n      parameter_overrides: [Stage=dev]\n      stack_name: orders\n',
      'samconfig.yaml',
    );
    expect(readSamConfig({ file }).settings).toEqual({
      stackName: 'orders',
      parameterOverrides: { Stage: 'dev' },
    });
    expect(readSamConfig({ file: write('', 'empty.yml') })).toMatchObject({
      isFound: false,
      environments: [],
    });
  });

  it('refuses an environment that is not there, and lists those that are', () => {
    const file = write(toml);
    expect(() => readSamConfig({ file, environment: 'prod' })).toThrow(
      `${file} has no environment prod; it has default, dev`,
    );
  });

  it('does without the default environment, unless it is asked for by name', () => {
    const file = write('[dev.deploy.parameters]\nregion = "eu-west-1"\n');
    expect(readSamConfig({ file })).toMatchObject({
      isFound: false,
      environments: ['dev'],
      settings: { parameterOverrides: {} },
    });
    expect(() => readSamConfig({ file, environment: 'default' })).toThrow('has no environment default');
  });

  it.each([
    [
      '[default.deploy.parameters]\nparameter_overrides = "Stage"',
      'default.deploy.parameters.parameter_overrides must',
    ],
    [
      '[default.deploy.parameters]\nparameter_overrides = ["A=1", 2]',
      'parameter_overrides must have the form',
    ],
    ['[default.deploy.parameters]\nregion = "nowhere"', 'default.deploy.parameters.region must be a region'],
    ['[default.global.parameters]\nstack_name = 5', 'default.global.parameters.stack_name must be text'],
    ['[default]\ndeploy = 1', 'default.deploy.parameters is not a table'],
    ['[default', 'could not read'],
  ])('refuses %j and says where', (text, message) => {
    const file = write(text);
    const read = () => readSamConfig({ file });
    expect(read).toThrow(file);
    expect(read).toThrow(message);
  });

  it('refuses a file of another kind, and one that is not there', () => {
    expect(() => readSamConfig({ file: write('', 'samconfig.json') })).toThrow('must end in .toml');
    expect(() => readSamConfig({ file: join(folder, 'none.toml') })).toThrow(
      'none.toml: there is no such file',
    );
  });
});

describe('findSamConfig', () => {
  it('finds the names that the SAM CLI looks for, TOML first', () => {
    folder = mkdtempSync(join(tmpdir(), 'oncefold-'));
    expect(findSamConfig(folder)).toBeUndefined();
    const yaml = write('', 'samconfig.yml');
    expect(findSamConfig(folder)).toBe(yaml);
    const file = write('');
    expect(findSamConfig(folder)).toBe(file);
    rmSync(folder, { recursive: true });
  });
});
