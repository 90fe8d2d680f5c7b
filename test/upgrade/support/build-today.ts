import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tools } from '../../template/needed-permissions.ts';
import { root } from '../../template/project-template.ts';

export const BUILD_TIMEOUT_MS = 150_000;

/** Builds today's functions, where they have changed. */
export async function buildToday(): Promise<void> {
  const turbo = join(root, 'node_modules', '.bin', 'turbo');
  await promisify(execFile)(
    turbo,
    ['run', 'build', '--filter=./services/*', '--output-logs=errors-only', '--no-daemon'],
    { cwd: root, env: tools, timeout: BUILD_TIMEOUT_MS },
  );
}
