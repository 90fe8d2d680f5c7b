import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A package that others can install. */
export interface PublishedPackage {
  readonly name: string;
  readonly description: string;
  /** What can be imported, with the absolute path of its source. */
  readonly entries: ReadonlyMap<string, string>;
}

/**
 * @param root - absolute path of the repository
 * @returns the packages whose manifest does not say `private`, by name
 */
export function publishedPackages(root: string): readonly PublishedPackage[] {
  return globSync('packages/*/package.json', { cwd: root })
    .sort()
    .flatMap((file) => {
      const manifest = JSON.parse(readFileSync(join(root, file), 'utf8'));
      const { name, description, exports = {} } = manifest;
      return manifest.private === true
        ? []
        : [{ name, description, entries: entriesOf(name, exports, join(root, dirname(file))) }];
    });
}

function entriesOf(
  name: string,
  exports: Readonly<Record<string, unknown>>,
  folder: string,
): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(exports).flatMap(([subpath, target]): [string, string][] =>
      typeof target === 'string' && target.endsWith('.ts')
        ? [[`${name}${subpath.slice(1)}`, join(folder, target)]]
        : [],
    ),
  );
}
