import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Emulator } from './emulator.ts';

/** What `oncefold check --json` says. */
interface Report {
  readonly verdict: string;
  readonly differences: readonly { readonly key: string }[];
}

const root = join(import.meta.dirname, '..', '..', '..');
const COMMAND_TIMEOUT_MS = 120_000;
/** Equal, different, not decided: the answer says which. */
const STATUSES_OF_CHECK: readonly (number | undefined)[] = [0, 1, 3];

/** Runs `oncefold check` as a user does, once and without waiting for a pipeline that is at work. */
export async function runCheck(emulator: Emulator, stack: string): Promise<Report> {
  const { status, stdout, stderr } = await runOncefold(emulator, [
    ...['check', '--stack', stack, '--wait', '0', '--json'],
  ]);
  if (!STATUSES_OF_CHECK.includes(status)) {
    throw new Error(`oncefold check ended with ${status}:\n${stderr}`);
  }
  return JSON.parse(stdout);
}

/** Runs `oncefold rebuild` as a user does. */
export async function runRebuild(emulator: Emulator, stack: string): Promise<void> {
  const { status, stdout, stderr } = await runOncefold(emulator, ['rebuild', '--stack', stack, '--yes']);
  if (status !== 0) {
    throw new Error(`oncefold rebuild ended with ${status}:\n${stdout}\n${stderr}\n${await emulator.log()}`);
  }
}

/**
 * Runs `oncefold` as a user does.
 *
 * @param environment - finds the emulator, with the account's own credentials or those of a user
 */
export async function runOncefold(
  { environment }: Pick<Emulator, 'environment'>,
  args: readonly string[],
): Promise<{ readonly status: number | undefined; readonly stdout: string; readonly stderr: string }> {
  const run = promisify(execFile)(
    process.execPath,
    [join(root, 'packages', 'cli', 'src', 'cli.ts'), ...args],
    { cwd: root, env: { ...process.env, ...environment }, timeout: COMMAND_TIMEOUT_MS },
  );
  return run.then(
    (output) => ({ status: 0, ...output }),
    (error: { code?: number; stdout?: string; stderr?: string }) => ({
      status: error.code,
      stdout: error.stdout ?? '',
      stderr: error.stderr ?? String(error),
    }),
  );
}
