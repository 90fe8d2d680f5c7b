import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../template/project-template.ts';
import type { Production } from './production.ts';

const TIMEOUT_MS = 120_000;

/** How a recipe ended. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a recipe of the runbook as an operator would, with bash, the AWS CLI and the repository's own commands.
 *
 * @param text - from `recipe`
 * @param options.folder - where it is run and leaves its files
 * @param options.variables - those that the runbook tells to set, and endpoints beside those of the engines
 */
export function runRecipe(
  text: string,
  production: Production,
  options: { readonly folder: string; readonly variables?: Readonly<Record<string, string>> },
): Promise<Ended> {
  const { dynamodb, kinesis, region, credentials } = production.access;
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS_|VITEST|NODE_OPTIONS)/.test(name));
  const env = {
    ...Object.fromEntries(inherited),
    PATH: [join(root, '.venv-aws', 'bin'), join(root, 'node_modules', '.bin'), process.env['PATH']].join(':'),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_KINESIS: kinesis,
    ROOT: root,
    ...options.variables,
  };
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['-c', `${PRELUDE}\n${text}`],
      { cwd: options.folder, env, timeout: TIMEOUT_MS },
      (error, stdout, stderr) =>
        resolve({
          status: error === null ? 0 : typeof error.code === 'number' ? error.code : -1,
          stdout,
          stderr,
        }),
    );
  });
}

/** The commands of the repository are run from its root; files stay in the folder of the recipe. */
const PRELUDE = `set -euo pipefail
npm() { command npm --prefix "$ROOT" "$@"; }`;
