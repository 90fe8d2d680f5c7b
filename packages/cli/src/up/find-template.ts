import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../pipeline/build-functions.ts';

/** The names that the SAM CLI looks for, in its order. */
const NAMES = ['template.yaml', 'template.yml', 'template.json'];

/**
 * Finds the template of the project in whose folder the command is started, as the SAM CLI does.
 *
 * @returns nothing in a folder without a template, and in that of Oncefold's own pipeline
 */
export function findTemplate(directory: string): string | undefined {
  if (realpathSync(directory) === realpathSync(repository)) {
    return undefined;
  }
  return NAMES.map((name) => join(directory, name)).find((file) => existsSync(file));
}
