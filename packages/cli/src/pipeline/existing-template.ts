import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';

/**
 * Takes the path of a template that is there.
 *
 * One that is not there must be said before anything else: a configuration beside it, an engine that starts.
 *
 * @throws {@link CouldNotRunError} with its full path when it is not there
 */
export function existingTemplate(path: string): string {
  const file = resolve(path);
  if (!existsSync(file)) {
    throw new CouldNotRunError(`there is no template ${file}`);
  }
  return path;
}
