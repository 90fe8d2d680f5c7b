import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..', '..');
const INSTALL_TIMEOUT_MS = 15 * 60_000;

/** The client's program. */
export const clientProgram: string = join(
  import.meta.dirname,
  'client',
  'node_modules',
  'aws-lambda-ric',
  'index.mjs',
);

/**
 * Installs the runtime interface client and bundles the functions.
 *
 * The client is compiled on the first install, for which cmake, a C++ compiler and Python are needed; after that pnpm
 * takes the result from its store. The headers of Node.js come with the repository's Node.js.
 */
export default async function setup(): Promise<void> {
  const node = join(root, 'node_modules', `node-${process.platform}-${process.arch}`);
  const env = {
    ...process.env,
    CI: 'true',
    PATH: `${join(root, 'node_modules', '.bin')}:${process.env['PATH']}`,
    ...(existsSync(join(node, 'include')) ? { npm_config_nodedir: node } : {}),
  };
  const run = (command: string, args: readonly string[], cwd: string): Promise<unknown> =>
    promisify(execFile)(command, args, { cwd, env, timeout: INSTALL_TIMEOUT_MS });
  if (!existsSync(clientProgram)) {
    console.log('Compiling the runtime interface client (once; two to four minutes) …');
  }
  await run(
    'pnpm',
    ['install', '--frozen-lockfile', '--prefer-offline'],
    join(import.meta.dirname, 'client'),
  );
  await run('turbo', ['run', 'build', '--filter=./services/*', '--output-logs=errors-only'], root);
}
