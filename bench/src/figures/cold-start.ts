import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Figure } from '../figure.ts';
import { alternate } from '../measure/alternate.ts';
import { repository } from '../repository.ts';
import { functionVariables } from '../state/function-variables.ts';

const loader = join(import.meta.dirname, '..', 'cold-start', 'load-module.ts');
const services = join(repository, 'services');
const MILLISECONDS = 1_000;

/** The CPU time of loading each bundle, from its first line to its handler, against the least that a function with an SDK client has to load. */
export const coldStarts: readonly Figure[] = ['state', 'map', 'reduce'].map((service) => ({
  name: `cold-start-${service}`,
  title: `cold start of ${service}: loading its bundle`,
  reference: 'a bare handler with the same SDK client, bundled by esbuild with the same options',
  unit: 'ms of CPU',
  goal: { of: 'ratio', max: 1.1 },
  async measure({ quick }) {
    const rounds = quick ? 5 : 25;
    const folder = await mkdtemp(join(tmpdir(), 'oncefold-cold-start-'));
    try {
      const bare = join(folder, 'bare.mjs');
      await bundleBareHandler(bare);
      const bundle = join(services, service, 'dist', 'handler.mjs');
      return {
        pairs: await alternate(rounds, {
          subject: () => loadMilliseconds(bundle),
          reference: () => loadMilliseconds(bare),
        }),
      };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
}));

/** The smallest function that could do anything: one DynamoDB client, as esbuild bundles it without plugins. */
async function bundleBareHandler(outfile: string): Promise<void> {
  await build({
    stdin: {
      contents: `import { DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
export const handler = (event) => client.send(new TransactWriteItemsCommand(event));`,
      resolveDir: join(services, 'state'),
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
  });
}

async function loadMilliseconds(file: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--enable-source-maps', loader, file], {
    env: functionVariables,
  });
  return Number(stdout) / MILLISECONDS;
}
