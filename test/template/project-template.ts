import { join } from 'node:path';
import { ABSENT, createdResources, openStack, readDocuments, withNested } from '@oncefold/sam-template';

/** Folder of the repository. */
export const root: string = join(import.meta.dirname, '..', '..');

/** The template's path. */
export const templateFile: string = join(root, 'template.yaml');

/** Where the tests pretend to deploy. */
export const place = { region: 'us-east-1', accountId: '123456789012' } as const;

/** Values of parameters. */
export type Overrides = Readonly<Record<string, string>>;

/** Names without a prefix, by which the tests call tables. */
export const labNames: Overrides = { Names: 'lab' };

/** The template and those that it nests as data, by path, with the short forms of functions written out. */
export type Documents = ReadonlyMap<string, unknown>;

/** A resource as it would be deployed. */
export interface Resource {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Reads the project's template and those that it nests. */
export function readProjectDocuments(): Promise<Documents> {
  return readDocuments(templateFile);
}

/**
 * Resolves the resources of the types that are asked for, as CloudFormation would with these parameters.
 *
 * @param documents - from {@link readProjectDocuments}, perhaps changed
 * @param overrides - parameters that do not take their default
 * @param isWanted - chooses by type
 * @returns what conditions let be, by logical id, that of a nested one as `Workshop/GeneratorFunction`
 * @throws when a value cannot be known here: nothing is left out silently
 */
export function resolveResources(
  documents: Documents,
  overrides: Overrides,
  isWanted: (type: string) => boolean,
): Map<string, Resource> {
  const stack = openStack({
    file: templateFile,
    documents,
    parameterOverrides: { ...labNames, ...overrides },
    place,
    stackName: 'oncefold',
    report: (owner, what) => {
      throw new Error(`${owner}: ${what}`);
    },
  });
  const found = new Map<string, Resource>();
  for (const one of withNested(stack)) {
    for (const [id, { type, properties }] of createdResources(one)) {
      if (!isWanted(type)) {
        continue;
      }
      const resolved = Object.entries(properties)
        // SAM's own names within these are not known before it has expanded them.
        .filter(([name]) => name !== 'DeploymentPreference')
        .map(([name, value]) => [name, one.resolver.resolve(value, id)])
        .filter(([, value]) => value !== ABSENT);
      found.set(one.qualify(id), { type, properties: Object.fromEntries(resolved) });
    }
  }
  return found;
}
