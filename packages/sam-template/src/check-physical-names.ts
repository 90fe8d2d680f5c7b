import { TemplateError } from './template-error.ts';

/**
 * Checks that no two resources of a kind have the same physical name: AWS refuses to create the second, and here whatever names
 * the one would reach the other.
 *
 * @param kinds - the property that names the kind, with logical id and physical name of each resource
 */
export function checkPhysicalNames(
  kinds: readonly (readonly [property: string, names: readonly (readonly [string, string])[]])[],
): void {
  for (const [property, names] of kinds) {
    const owners = new Map<string, string>();
    for (const [logicalId, name] of names) {
      const owner = owners.get(name);
      if (owner !== undefined) {
        throw new TemplateError(
          `Resources.${logicalId}.Properties.${property}`,
          `${owner} has the name ${name}, too, and AWS creates only one of a name`,
        );
      }
      owners.set(name, logicalId);
    }
  }
}
