import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

interface EmulatedTemplate {
  /** Path of the template to deploy. */
  readonly path: string;
  /** What the emulator does not have, as `Resource` or `Resource.Property`. */
  readonly leftOut: readonly string[];
}

/**
 * Writes a copy of a built template without what the emulator refuses. Those that it nests have nothing that must be left out.
 *
 * @param built - path of what `sam build` made
 * @param folder - where the copy goes
 */
export async function writeEmulatedTemplate(built: string, folder: string): Promise<EmulatedTemplate> {
  const template: Template = parse(await readFile(built, 'utf8'));
  const home = dirname(built);
  const leftOut: string[] = [];
  const resources: Record<string, Resource> = {};
  for (const [id, resource] of Object.entries(template.Resources)) {
    const { Type: type, Properties: properties = {} } = resource;
    if (type === 'AWS::CloudWatch::Alarm' && 'Metrics' in properties) {
      leftOut.push(id);
      continue;
    }
    if (type === 'AWS::Serverless::Function') {
      const { DeploymentPreference: preference, CodeUri: code, ...others } = properties;
      resources[id] = { ...resource, Properties: { ...others, CodeUri: resolve(home, String(code)) } };
      leftOut.push(...(preference === undefined ? [] : [`${id}.DeploymentPreference`]));
      continue;
    }
    if (type === 'AWS::Serverless::Application') {
      const location = resolve(home, String(properties['Location']));
      resources[id] = { ...resource, Properties: { ...properties, Location: location } };
      continue;
    }
    resources[id] = resource;
  }
  const path = join(folder, basename(built));
  await mkdir(folder, { recursive: true });
  const outputs = Object.entries(template.Outputs ?? {}).filter(
    ([, output]) => !leftOut.some((id) => JSON.stringify(output).includes(`"${id}"`)),
  );
  const copy = { ...template, Resources: resources, Outputs: Object.fromEntries(outputs) };
  // The emulator reads YAML 1.1, in which `off` without quotes is false.
  await writeFile(path, stringify(copy, { version: '1.1' }));
  return { path, leftOut };
}
