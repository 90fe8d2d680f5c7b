// Goal: a change of a function's code is reported once, when it has come to rest, and nothing else is.
// Method: a folder of its own, changed as editors and build tools change it; each test waits for what must be told.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BundleWatch, watchBundle } from './watch-bundle.ts';

let root = '';
let directory = '';
let watch: BundleWatch | undefined;
let changes = 0;

function write(path: string, text: string): void {
  writeFileSync(join(directory, path), text);
}

async function start(options: { withDependencies?: boolean } = {}): Promise<void> {
  watch = watchBundle({
    directory,
    ...options,
    intervalMs: 5,
    onChange: () => {
      changes += 1;
    },
    onError: (error) => {
      throw error;
    },
  });
  await watch.begun;
}

describe('watchBundle', () => {
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'oncefold-'));
    directory = join(root, 'bundle');
    mkdirSync(join(directory, 'node_modules'), { recursive: true });
    mkdirSync(join(directory, 'nested'));
    write('handler.mjs', 'export const handler = 1;');
    changes = 0;
  });
  afterEach(() => {
    watch?.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('reports files that change, come and go, in folders below too', async () => {
    await start();
    write('handler.mjs', 'export const handler = 22;');
    await expect.poll(() => changes).toBe(1);
    write('nested/more.mjs', '');
    await expect.poll(() => changes).toBe(2);
    rmSync(join(directory, 'nested'), { recursive: true });
    await expect.poll(() => changes).toBe(3);
  });

  it('reports a folder that is removed and made again once it is there', async () => {
    await start();
    rmSync(directory, { recursive: true });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(changes).toBe(0);
    mkdirSync(directory);
    write('handler.mjs', 'export const handler = 333;');
    await expect.poll(() => changes).toBe(1);
  });

  it('leaves dependencies and hidden folders alone', async () => {
    await start();
    write('node_modules/index.js', '');
    mkdirSync(join(directory, '.cache'));
    write('.cache/entry.js', '');
    mkdirSync(join(directory, 'nested', '__pycache__'));
    write('nested/__pycache__/app.cpython-312.pyc', '');
    write('handler.mjs', 'export const handler = 4444;');
    await expect.poll(() => changes).toBe(1);
  });

  it('sees the files of the function however many lie in folders beside them', async () => {
    const many = join(directory, 'a-dependency', 'data');
    mkdirSync(many, { recursive: true });
    for (let index = 0; index < 2_100; index += 1) {
      writeFileSync(join(many, `${index}.json`), '');
    }
    await start();
    write('nested/handler.py', '');
    await expect.poll(() => changes).toBe(1);
  });

  it('looks into dependencies where they are the code', async () => {
    await start({ withDependencies: true });
    write('node_modules/index.js', '');
    await expect.poll(() => changes).toBe(1);
  });

  it('reports nothing after it was closed', async () => {
    await start();
    watch?.close();
    write('handler.mjs', 'export const handler = 55555;');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(changes).toBe(0);
  });
});
