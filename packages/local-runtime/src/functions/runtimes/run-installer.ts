import { guardedSpawn } from '@oncefold/engines';
import { RuntimeInstallError } from './runtime-install-error.ts';

export interface InstallerOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Variables on top of this process's own: an installer needs the person's proxies, mirrors and certificates. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Of what an installer says, the end is kept: that is where the reason stands. */
const OUTPUT_LENGTH_MAX = 16_384;
const REASON_LINES_MAX = 5;

/**
 * Runs a package manager to its end; it dies with this process.
 *
 * @returns what it wrote, up to the last 16 KiB
 * @throws {@link RuntimeInstallError} with the last lines that it wrote when it fails or does not exist
 * @throws the signal's reason when that is aborted; the program is killed then
 */
export async function runInstaller(options: InstallerOptions): Promise<string> {
  const { command, args, cwd, environment, signal } = options;
  signal.throwIfAborted();
  const child = await guardedSpawn({
    command,
    args,
    cwd,
    env: { ...process.env, ...environment },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  let output = '';
  const outputs = [child.stdout, child.stderr].flatMap((stream) => stream ?? []);
  const read = outputs.map(async (stream) => {
    for await (const text of stream.setEncoding('utf8')) {
      output = (output + text).slice(-OUTPUT_LENGTH_MAX);
    }
  });
  const onAbort = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', onAbort, { once: true });
  // An abort between the check above and the listener would be missed.
  if (signal.aborted) {
    onAbort();
  }
  const exit = await child.exited;
  await Promise.all(read);
  signal.removeEventListener('abort', onAbort);
  signal.throwIfAborted();
  if (exit.code !== 0) {
    throw new RuntimeInstallError(
      `\`${command} ${args.slice(0, 3).join(' ')}\` failed: ${reasonIn(output) || (exit.signal ?? `exit status ${exit.code}`)}`,
    );
  }
  return output;
}

function reasonIn(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .slice(-REASON_LINES_MAX)
    .join(' | ');
}
