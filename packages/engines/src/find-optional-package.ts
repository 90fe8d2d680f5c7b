import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { EngineError } from './engine-error.ts';

/**
 * Finds a package that an installation may have left out: the engines are large, and most commands do without them.
 *
 * Looks for the file, because a package may not export its manifest.
 *
 * @returns the path of its manifest
 * @throws {@link EngineError} when it is not installed
 */
export function findOptionalPackage(name: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const manifest = folders.map((folder) => join(folder, name, 'package.json')).find(existsSync);
  if (manifest === undefined) {
    throw new EngineError(
      `${name} is not installed; install the optional dependencies, too, with Node.js 22.12 or later: npm leaves out without a word those that need a newer one than it runs on`,
      { code: 'engine-unavailable' },
    );
  }
  return manifest;
}
