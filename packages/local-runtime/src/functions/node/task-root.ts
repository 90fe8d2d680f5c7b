import { basename, dirname } from 'node:path';

/**
 * Says whether a function's folder was made by `sam build`: then it is what Lambda gets, and nothing above it counts.
 *
 * Of sources it is not known what a build would put beside them, so that what lies above them is theirs, too.
 */
export function isBuilt(taskRoot: string): boolean {
  const parent = dirname(taskRoot);
  // A nested application's functions are one folder further down.
  return [parent, dirname(parent)].some(
    (folder) => basename(folder) === 'build' && basename(dirname(folder)) === '.aws-sam',
  );
}
