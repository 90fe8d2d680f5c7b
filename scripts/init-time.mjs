/**
 * Measures how long each built function takes to load, as a ratio against a bare handler with the same SDK client.
 *
 *     pnpm bench:init [rounds]
 *
 * Build first. Each load is a process of its own, in turn with the others, so that a machine that becomes slower does
 * so for all; the median is told. Times are of this machine, ratios travel better.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const rounds = Number(process.argv[2] ?? 15);
const services = ['state', 'map', 'reduce'];

/** What the functions read at cold start. */
const environment = {
  AWS_REGION: 'us-east-1',
  NAMESPACE: 'init',
  STRATEGY: 'ledger',
  PARALLELIZATION_FACTOR: '1',
  HIERARCHY_DIMENSIONS: 'RiskType,TradeDesk,Region',
  LEDGER_RETENTION_SECONDS: '691200',
  POWERTOOLS_METRICS_NAMESPACE: 'Oncefold',
  ...Object.fromEntries(
    ['STATE', 'REDUCE', 'AGGREGATE', 'PARAMETER', 'LEDGER', 'POSITION', 'QUARANTINE', 'ACCOUNTING'].map(
      (name) => [`${name}_TABLE`, `${name}_TABLE`],
    ),
  ),
};

const folder = await mkdtemp(join(tmpdir(), 'oncefold-init-'));
try {
  const bare = join(folder, 'bare.mjs');
  await bundleBareHandler(bare);
  const modules = new Map([
    ['bare', bare],
    ...services.map((service) => [service, join(root, `services/${service}/dist/handler.mjs`)]),
  ]);
  const times = new Map([...modules.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, file] of modules) {
      times.get(name).push(loadTimeMs(name, file));
    }
  }
  const reference = median(times.get('bare'));
  for (const [name, samples] of times) {
    const value = median(samples);
    console.log(
      `${name.padEnd(7)} ${value.toFixed(1).padStart(7)} ms   ${(value / reference).toFixed(2)} × bare`,
    );
  }
} finally {
  await rm(folder, { recursive: true });
}

/** The smallest function that could do anything: one DynamoDB client, bundled as the others are. */
async function bundleBareHandler(outfile) {
  await build({
    stdin: {
      contents: `import { DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
export const handler = (event) => client.send(new TransactWriteItemsCommand(event));`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    logLevel: 'warning',
  });
}

function loadTimeMs(name, file) {
  const program = `const start = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - start);`;
  const output = execFileSync(
    process.execPath,
    ['--enable-source-maps', '--input-type=module', '-e', program],
    {
      env: { ...environment, CONSUMER: name },
      encoding: 'utf8',
    },
  );
  return Number(output);
}

function median(samples) {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)];
}
