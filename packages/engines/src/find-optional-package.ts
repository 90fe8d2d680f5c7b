import { createRequire } from 'node:module';
import { EngineError } from './engine-error.ts';

/**
 * Finds a package that an installation may have left out: the engines are large, and most commands do without them.
 *
 * @returns the path of its manifest
 * @throws {@link EngineError} when it is not installed
 */
export function findOptionalPackage(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(`${name}/package.json`);
  } catch (cause) {
    throw new EngineError(`${name} is not installed; install the optional dependencies, too`, {
      code: 'engine-unavailable',
      cause,
    });
  }
}
