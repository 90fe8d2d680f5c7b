import { createRequire } from 'node:module';
import { join } from 'node:path';

export type RuntimeClientChoice = 'auto' | 'aws-lambda-ric' | 'built-in';

/** Name of Amazon's public client, which the managed Node.js runtimes of Lambda contain. */
const PACKAGE = 'aws-lambda-ric';

/** The public client is asked for and is not installed. */
export class RuntimeClientMissingError extends Error {
  override readonly name = 'RuntimeClientMissingError';
  readonly code = 'runtime-client-missing';

  constructor(directories: readonly string[]) {
    super(`${PACKAGE} is not installed where ${directories.join(' or ')} could load it`);
  }
}

/** Finds Amazon's public runtime interface client, as the project would load it. */
export function findRuntimeInterfaceClient(
  choice: RuntimeClientChoice,
  directories: readonly string[],
): string | undefined {
  if (choice === 'built-in') {
    return undefined;
  }
  for (const directory of directories) {
    try {
      return createRequire(join(directory, 'package.json')).resolve(PACKAGE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') {
        throw error;
      }
    }
  }
  if (choice === 'auto') {
    return undefined;
  }
  throw new RuntimeClientMissingError(directories);
}
