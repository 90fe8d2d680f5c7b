import { readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { ownerPid } from './owner.mjs';

/**
 * The folder in which a command was typed, against which its relative paths are meant.
 *
 * npm changes to the repository's folder before it starts us, and says in INIT_CWD where it was. It leaves that variable as it
 * is when it was started by another npm script, whose folder it then names, and any program may hand it on. So the folder of
 * the npm process itself is asked where the system can say it, and INIT_CWD only otherwise; without npm it is our own.
 *
 * @param root - folder of the repository
 */
export function callerDirectory(root) {
  const { npm_package_json: manifest, INIT_CWD: initial } = process.env;
  const isStartedByNpm = manifest !== undefined && isSame(manifest, join(root, 'package.json'));
  if (!isStartedByNpm) {
    return process.cwd();
  }
  return directoryOf(ownerPid()) ?? initial ?? process.cwd();
}

function directoryOf(pid) {
  try {
    return pid === undefined ? undefined : readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // There is no /proc on macOS.
    return undefined;
  }
}

function isSame(one, other) {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}
