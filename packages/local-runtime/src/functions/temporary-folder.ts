import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that goes with this process. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** Reads a pipe that only the owner holds, which ends when the owner does, and removes the folder then. */
const KEEPER = 'while read -r line; do :; done; rm -rf -- "$1"';

/**
 * Makes a temporary folder that is removed when this process ends, however it ends, SIGKILL included.
 *
 * Needs a POSIX `sh` (Linux, macOS).
 *
 * @param name - beginning of the folder's name
 */
export async function createTemporaryFolder(name: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), `${name}-`));
  const keeper = spawn('/bin/sh', ['-c', KEEPER, 'keeper', path], {
    // A Ctrl-C in the terminal is for this process, which still needs the folder.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  await once(keeper, 'spawn');
  const ended = once(keeper, 'exit');
  // Neither keeps this process alive.
  keeper.unref();
  (keeper.stdin as Socket).unref();
  return {
    path,
    async remove() {
      keeper.ref();
      keeper.stdin.end();
      await ended;
    },
  };
}
