// Goal: an example that is copied out of the repository installs, compiles, passes its test, and is built as `sam build` builds it.
// Method: `npm run test:packages` publishes the packages to a registry and runs this; each example is copied without what is installed.
import { cp, mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, run } from '../packed-packages/published.ts';

const functions = {
  'page-views': 'PageViewsFunction',
  revenue: 'SumRevenueFunction',
  stock: 'StockFunction',
  'moving-a-consumer': 'StockFunction',
};
const notCopied = new Set(['node_modules', 'dist', '.aws-sam', '.turbo']);

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(await realpath(tmpdir()), 'oncefold-examples-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

describe.each(Object.entries(functions))('examples/%s, copied', (example, functionName) => {
  it('installs, compiles, passes its test, and is built', async () => {
    const folder = join(directory, example);
    await cp(join(root, 'examples', example), folder, {
      recursive: true,
      filter: (source) => !notCopied.has(basename(source)),
    });
    await run('npm', ['install', '--no-audit', '--no-fund'], folder);
    await run('npm', ['run', 'typecheck'], folder);
    await run('npm', ['test', '--if-present'], folder);
    const artifacts = join(folder, 'artifacts');
    await mkdir(artifacts);
    await run('make', [`build-${functionName}`], folder, { ARTIFACTS_DIR: artifacts });
    expect(await readFile(join(artifacts, 'handler.mjs'), 'utf8')).toContain('export{');
  });
});
