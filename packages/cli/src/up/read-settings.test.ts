import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from './read-settings.ts';
import type { UpOptions } from './up-options.ts';

const options: UpOptions = {
  parameterOverrides: {},
  engine: 'auto',
  runtimeClient: 'auto',
  functions: true,
  json: false,
};
let folder = '';

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe('readSettings', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'oncefold-'));
    write(
      'template.yaml',
      'Parameters: { Stage: { Type: String }, Size: { Type: String } }\nResources: {}\n',
    );
    write('env.json', '{"Parameters": {"NAME": "value"}}');
    write(
      'samconfig.toml',
      `[default.deploy.parameters]
stack_name = "orders"
region = "eu-west-1"
parameter_overrides = "Stage=dev Size=1 Other=2"
[default.local_invoke.parameters]
env_vars = "env.json"
[alone.global.parameters]
template_file = "template.yaml"
`,
    );
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('takes no configuration for the pipeline that runs without a template', async () => {
    // Tests run in this repository's folder, which has one.
    expect(await readSettings(options)).toEqual({
      options,
      envVars: undefined,
      config: undefined,
      warnings: [],
    });
  });

  it.each(['template.json', 'template.yml', 'template.yaml'])(
    'takes the %s of the folder in which the command is started, with its configuration',
    async (name) => {
      renameSync(join(folder, 'template.yaml'), join(folder, name));
      const { config, options: found } = await readSettings(options, folder);
      expect(config).toMatchObject({ file: join(folder, 'samconfig.toml'), environment: 'default' });
      expect(found).toMatchObject({ template: join(folder, name), stackName: 'orders' });
    },
  );

  it('runs its own pipeline in a folder without a template', async () => {
    rmSync(join(folder, 'template.yaml'));
    expect((await readSettings(options, folder)).options).toEqual(options);
  });

  it.each(['template.yaml', '.aws-sam/build/template.yaml'])(
    'takes the configuration of the project for %s',
    async (name) => {
      write('.aws-sam/build/template.yaml', 'Parameters: { Stage: { Type: String } }\nResources: {}\n');
      const {
        config,
        options: found,
        envVars,
      } = await readSettings({ ...options, template: join(folder, name) });
      expect(config).toMatchObject({ file: join(folder, 'samconfig.toml'), environment: 'default' });
      expect(found).toMatchObject({
        stackName: 'orders',
        region: 'eu-west-1',
        parameterOverrides: { Stage: 'dev' },
      });
      expect(envVars?.parameters).toEqual({ NAME: 'value' });
    },
  );

  it('lets an option win, and joins parameters by name', async () => {
    const given = {
      ...options,
      template: join(folder, 'template.yaml'),
      region: 'us-west-2',
      parameterOverrides: { Size: '9' },
    };
    const settings = await readSettings(given);
    expect(settings.options).toMatchObject({
      region: 'us-west-2',
      parameterOverrides: { Stage: 'dev', Size: '9' },
    });
    expect(settings.warnings).toEqual([
      `${join(folder, 'samconfig.toml')} gives Other a value, and the template has no such parameter`,
    ]);
  });

  it('takes the template from a configuration that is named itself', async () => {
    const given = { ...options, configFile: join(folder, 'samconfig.toml'), configEnv: 'alone' };
    expect((await readSettings(given)).options.template).toBe(join(folder, 'template.yaml'));
  });

  it('refuses a template of the configuration that is not there, with its full path', async () => {
    rmSync(join(folder, 'template.yaml'));
    const given = { ...options, configFile: join(folder, 'samconfig.toml'), configEnv: 'alone' };
    await expect(readSettings(given)).rejects.toMatchObject({
      message: `there is no template ${join(folder, 'template.yaml')}`,
      exitStatus: 2,
    });
  });

  it('says that the default environment is not there', async () => {
    const file = write('samconfig.toml', '[dev.global.parameters]\nregion = "eu-west-1"\n');
    const { warnings } = await readSettings({ ...options, template: join(folder, 'template.yaml') });
    expect(warnings).toEqual([
      `${file} has no environment default, so that nothing of it is used; --config-env takes dev`,
    ]);
  });
});
