import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { guardedSpawn } from '@oncefold/engines';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import type { Lifetime } from '../command-line/lifetime.ts';

/** Folder of the repository that this command is part of. */
export const repository: string = fileURLToPath(new URL('../../../..', import.meta.url));

/** Most of the build's output that is kept for the message, in characters. */
const OUTPUT_MAX = 4_000;

/**
 * Builds the repository's own functions; turbo does only what has changed.
 *
 * Whoever changes a function and starts the pipeline sees the change, without a command in between. An installed command brings its
 * functions built.
 */
export async function buildFunctions(context: { readonly lifetime: Lifetime }): Promise<void> {
  if (!existsSync(join(repository, 'turbo.json'))) {
    return;
  }
  const turbo = join(repository, 'node_modules', '.bin', 'turbo');
  if (!existsSync(turbo)) {
    throw new CouldNotRunError(
      'the dependencies are not installed; run `npx --yes pnpm@12.21.0 install` first',
    );
  }
  const tools = join(repository, 'node_modules', '.bin');
  const build = await guardedSpawn({
    command: turbo,
    args: ['run', 'build', '--filter=./services/*', '--output-logs=errors-only', '--no-daemon'],
    cwd: repository,
    env: {
      ...process.env,
      PATH: `${tools}:${process.env['PATH'] ?? ''}`,
      TURBO_TELEMETRY_DISABLED: '1',
      TURBO_NO_UPDATE_NOTIFIER: '1',
    },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  context.lifetime.onEnd(() => build.stop());
  let output = '';
  for (const stream of [build.stdout, build.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-OUTPUT_MAX);
    });
  }
  const stop = (): void => void build.kill('SIGTERM');
  context.lifetime.signal.addEventListener('abort', stop, { once: true });
  const { code } = await build.exited;
  context.lifetime.signal.removeEventListener('abort', stop);
  context.lifetime.signal.throwIfAborted();
  if (code !== 0) {
    throw new CouldNotRunError(`the functions could not be built:\n${output.trim()}`);
  }
}
