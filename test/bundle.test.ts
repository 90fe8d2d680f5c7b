// Goal: nothing but a function's own code gets into its bundle.
// Method: services made for the test are bundled by the real script.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';

const script = join(import.meta.dirname, '..', 'services', 'bundle.mjs');

let service: string;

beforeEach(async () => {
  service = await mkdtemp(join(tmpdir(), 'oncefold-service-'));
  await file('package.json', '{ "type": "module" }');
});

afterEach(() => rm(service, { recursive: true, force: true }));

describe('bundle', () => {
  it('makes one module with its source map, which names files and holds no sources', async () => {
    await file('src/answer.ts', 'export const answer: number = 42;');
    await file(
      'src/handler.ts',
      `import { answer } from './answer.ts'; export const handler = async () => answer;`,
    );
    expect(bundle()).toMatchObject({ status: 0, stderr: '' });
    expect((await readdir(join(service, 'dist'))).toSorted()).toEqual([
      'handler.mjs',
      'handler.mjs.map',
      'metafile.json',
    ]);
    const { handler } = await import(pathToFileURL(join(service, 'dist/handler.mjs')).href);
    expect(await handler()).toBe(42);
    const map = JSON.parse(await readFile(join(service, 'dist/handler.mjs.map'), 'utf8'));
    expect(map.sources).toContain('../src/handler.ts');
    expect(map.sourcesContent).toBeUndefined();
  });

  it('maps what is its own, to the letter, and nothing of packages of others', async () => {
    await file('node_modules/theirs/index.js', `export const theirs = () => ['of others', 1];`);
    await file(
      'src/handler.ts',
      `import { theirs } from 'theirs';\nexport const handler = async () => [theirs(),\n  'of our own'];`,
    );
    expect(bundle()).toMatchObject({ status: 0, stderr: '' });
    const code = await readFile(join(service, 'dist/handler.mjs'), 'utf8');
    const map = new SourceMap(JSON.parse(await readFile(join(service, 'dist/handler.mjs.map'), 'utf8')));
    const entryOf = (text: string) => {
      const before = code.slice(0, code.indexOf(text) - 1).split('\n');
      return map.findEntry(before.length - 1, before.at(-1)?.length ?? 0);
    };
    expect(entryOf('of our own')).toMatchObject({
      originalSource: '../src/handler.ts',
      originalLine: 2,
      originalColumn: 2,
    });
    expect(entryOf('of others')).not.toHaveProperty('originalSource');
  });

  it.each([
    ['test code', 'src/answer.test.ts', './answer.test.ts'],
    ['a second SDK client', 'node_modules/@aws-sdk/client-kinesis/index.js', '@aws-sdk/client-kinesis'],
    ['a package for development', 'packages/engines/index.ts', '../packages/engines/index.ts'],
  ])('refuses %s and leaves no bundle', async (reason, path, name) => {
    await file(path, 'export const answer = 42;');
    await file(
      'src/handler.ts',
      `import { answer } from '${name}'; export const handler = async () => answer;`,
    );
    const { status, stderr } = bundle();
    expect(status).toBe(1);
    expect(stderr).toContain(`${path} (${reason})`);
    await expect(readdir(join(service, 'dist'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('lets the generator have the client of Kinesis, and still no test code', async () => {
    const folder = service;
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    service = join(folder, 'generator');
    await file('package.json', '{ "type": "module" }');
    await file('node_modules/@aws-sdk/client-kinesis/index.js', 'export const answer = 42;');
    const handler = `import { answer } from '@aws-sdk/client-kinesis'; export const handler = async () => answer;`;
    await file('src/handler.ts', handler);
    expect(bundle()).toMatchObject({ status: 0, stderr: '' });
    await file('src/answer.test.ts', 'export const other = 42;');
    await file('src/handler.ts', `${handler} export { other } from './answer.test.ts';`);
    expect(bundle()).toMatchObject({ status: 1, stderr: expect.stringContaining('(test code)') });
  });
});

async function file(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(service, path)), { recursive: true });
  await writeFile(join(service, path), text);
}

function bundle(): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, [script], { cwd: service, encoding: 'utf8' });
}
