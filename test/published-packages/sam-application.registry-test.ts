// Goal: `npx @oncefold/cli up`, and a test in Vitest, work in a SAM project that has nothing else of Oncefold.
// Method: `npm run test:packages` publishes the packages to a registry and runs this; the project is the one of docs/test-streams.md.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentedProject } from '../documentation/documented-project.ts';
import { root, run } from '../packed-packages/published.ts';

let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(await realpath(tmpdir()), 'oncefold-sam-'));
  for (const [path, text] of documentedProject('docs/test-streams.md')) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), text);
  }
  await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const versionOf = async (name: string): Promise<string> =>
    JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
  const tools = await Promise.all(
    ['vitest', 'typescript'].map(async (name) => `${name}@${await versionOf(name)}`),
  );
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--save-dev'];
  await run('npm', ['install', ...options, '@oncefold/cli', ...tools], project);
});

afterAll(() => rm(project, { recursive: true, force: true }));

describe('a SAM project with the command line from the registry', () => {
  it('has a test in TypeScript that compiles and passes', async () => {
    const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2024'];
    // The declarations of Vitest and of the SDK want those of browsers or of Node.js.
    await run('npx', ['--no', '--', 'tsc', ...options, '--skipLibCheck', 'orders.test.ts'], project);
    expect(await run('npx', ['--no', '--', 'vitest', 'run', '--no-color'], project)).toMatch(
      /Tests +2 passed/,
    );
  });

  it('runs a record through its function under `up`', async () => {
    const words = ['--no', 'oncefold', 'up', '--json', '--until-stdin-ends', '--template', 'template.yaml'];
    const up = spawn('npx', words, { cwd: project, stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(up, 'exit');
    const [line = ''] = await once(createInterface(up.stdout), 'line');
    const { ready, kinesis, region, accessKeyId, secretAccessKey, control } = JSON.parse(line);
    expect(ready).toBe(true);
    const client = new KinesisClient({
      endpoint: kinesis,
      region,
      credentials: { accessKeyId, secretAccessKey },
      requestHandler: new NodeHttpHandler(),
    });
    const Records = [{ Data: Buffer.from('{"orderId":"1"}'), PartitionKey: '1' }];
    await client.send(new PutRecordsCommand({ StreamName: 'orders', Records }));
    client.destroy();
    const idle = await fetch(`${control}/wait-until-idle`, { method: 'POST', body: '{"timeoutMs":100000}' });
    expect(await idle.json()).toEqual({ idle: true });
    const { invocations } = (await (await fetch(`${control}/invocations`)).json()) as {
      readonly invocations: readonly unknown[];
    };
    expect(invocations).toMatchObject([{ functionId: 'KeepOrders', outcome: 'succeeded', attempt: 1 }]);
    up.stdin.end();
    expect(await ended).toEqual([0, null]);
  });
});
