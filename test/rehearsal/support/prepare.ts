import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tools } from '../../template/needed-permissions.ts';
import { root } from '../../template/project-template.ts';

const TIMEOUT_MS = 240_000;

/** Vitest's global setup: builds the functions, and installs the AWS CLI where it is not there. */
export default async function prepare(): Promise<void> {
  const run = promisify(execFile);
  await run(
    join(root, 'node_modules', '.bin', 'turbo'),
    ['run', 'build', '--filter=./services/*', '--output-logs=errors-only', '--no-daemon'],
    { cwd: root, env: tools, timeout: TIMEOUT_MS },
  );
  await run(join(root, 'scripts', 'aws.sh'), ['--version'], { timeout: TIMEOUT_MS });
}
