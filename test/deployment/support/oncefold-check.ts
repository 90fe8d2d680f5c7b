import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Emulator } from './emulator.ts';

/** What `oncefold check --json` says of a sum that is wrong. */
interface Difference {
  readonly key: string;
  readonly expected: string;
  readonly actual: string;
  readonly difference: string;
}

interface Report {
  readonly exact: boolean;
  readonly differences: readonly Difference[];
}

const root = join(import.meta.dirname, '..', '..', '..');
const CHECK_TIMEOUT_MS = 60_000;

/** Runs `oncefold check` as a user does, over the tables of a stack with these names. */
export async function runCheck(emulator: Emulator, names: string): Promise<Report> {
  const tables = ['state', 'aggregate', 'accounting'].flatMap((table) => [
    `--${table}-table`,
    `${names}-${table.charAt(0).toUpperCase()}${table.slice(1)}Table`,
  ]);
  const args = [join(root, 'packages', 'cli', 'src', 'cli.ts'), 'check', '--json', ...tables];
  const options = { cwd: root, env: { ...process.env, ...emulator.environment }, timeout: CHECK_TIMEOUT_MS };
  const run = promisify(execFile)(process.execPath, args, options);
  const { stdout } = await run.catch((error: { code?: number; stdout?: string }) => {
    // 1 says that sums differ, and the answer says which.
    if (error.code !== 1 || error.stdout === undefined) {
      throw error;
    }
    return { stdout: error.stdout };
  });
  return JSON.parse(stdout);
}
