import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Whether this machine has a program; what is not there is skipped under a name that says so. */
export async function hasProgram(command: string, ...args: readonly string[]): Promise<boolean> {
  try {
    await promisify(execFile)(command, args);
    return true;
  } catch {
    return false;
  }
}
