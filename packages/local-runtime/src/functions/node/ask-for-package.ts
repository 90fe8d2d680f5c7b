import { spawnSync } from 'node:child_process';

/** Longest time for an installation, milliseconds; the other end gives up earlier and says why. */
const ANSWER_MS_MAX = 900_000;
/** Modules are resolved synchronously, and only another process can wait meanwhile. */
const ASK = `
  require('node:http').request(process.argv[1], { method: 'POST' }, (response) => response.pipe(process.stdout))
    .on('error', (error) => { console.error(error.message); process.exitCode = 1; }).end();`;

/**
 * Asks whoever runs this function for a package that Lambda's runtime brings.
 *
 * @returns the folder in whose `node_modules` it is
 * @throws with the reason when it cannot be had
 */
export function askForPackage(name: string): string {
  const url = `http://${process.env['AWS_LAMBDA_RUNTIME_API']}/oncefold/packages/${encodeURIComponent(name)}`;
  const { status, stdout, stderr, error } = spawnSync(process.execPath, ['-e', ASK, url], {
    encoding: 'utf8',
    env: {},
    timeout: ANSWER_MS_MAX,
  });
  if (status !== 0) {
    throw new Error(`Cannot ask for the package '${name}': ${error?.message ?? stderr.trim()}`);
  }
  const { directory, errorMessage }: { directory?: string; errorMessage?: string } = JSON.parse(stdout);
  if (directory === undefined) {
    throw new Error(errorMessage);
  }
  return directory;
}
