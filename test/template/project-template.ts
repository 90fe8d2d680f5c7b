import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ABSENT,
  applyGlobals,
  createResolver,
  createResourceReferences,
  parseTemplate,
  type Resolver,
  readRawTemplate,
  resolveParameters,
} from '@oncefold/sam-template';

/** Folder of the repository. */
export const root: string = join(import.meta.dirname, '..', '..');

/** The template's path. */
export const templateFile: string = join(root, 'template.yaml');

/** Where the tests pretend to deploy. */
export const place = { region: 'us-east-1', accountId: '123456789012' } as const;

/** Values of parameters. */
export type Overrides = Readonly<Record<string, string>>;

/** A resource as it would be deployed. */
export interface Resource {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The template as data, with the short forms of its functions written out. */
export function parseProjectTemplate(): Record<string, unknown> {
  return parseTemplate(readFileSync(templateFile, 'utf8'), templateFile) as Record<string, unknown>;
}

/**
 * Resolves the resources of the types that are asked for, as CloudFormation would with these parameters.
 *
 * @param template - from {@link parseProjectTemplate}, perhaps changed
 * @param overrides - parameters that do not take their default
 * @param isWanted - chooses by type
 * @returns by logical id, what its condition lets be
 * @throws when a value cannot be known here: nothing is left out silently
 */
export function resolveResources(
  template: Record<string, unknown>,
  overrides: Overrides,
  isWanted: (type: string) => boolean,
): Map<string, Resource> {
  const raw = readRawTemplate(template, templateFile);
  const report = (owner: string, what: string): never => {
    throw new Error(`${owner}: ${what}`);
  };
  const resources = new Map([...raw.resources].map(([id, one]) => [id, applyGlobals(one, raw.globals)]));
  const references = createResourceReferences({ resources, place, resolver: () => resolver, report });
  const resolver: Resolver = createResolver({
    parameters: resolveParameters(raw.parameters, overrides, report),
    pseudoParameters: new Map([
      ['AWS::AccountId', place.accountId],
      ['AWS::Partition', 'aws'],
      ['AWS::Region', place.region],
      ['AWS::StackName', 'oncefold'],
      ['AWS::URLSuffix', 'amazonaws.com'],
    ]),
    mappings: raw.mappings,
    conditions: raw.conditions,
    reference: references.reference,
    attribute: references.attribute,
    report,
  });
  const found = new Map<string, Resource>();
  for (const [id, { type, condition, properties }] of resources) {
    if (!isWanted(type) || !resolver.isMet(condition, id)) {
      continue;
    }
    const resolved = Object.entries(properties)
      // SAM's own names within these are not known before it has expanded them.
      .filter(([name]) => name !== 'DeploymentPreference')
      .map(([name, value]) => [name, resolver.resolve(value, id)])
      .filter(([, value]) => value !== ABSENT);
    found.set(id, { type, properties: Object.fromEntries(resolved) });
  }
  return found;
}
