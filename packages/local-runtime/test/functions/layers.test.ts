// Goal: what a function's layers bring is found as under /opt in Lambda.
// Method: real processes with the merged content of small layers, and that content itself.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLayerFolders, type LayerFolders } from '../../src/functions/layers/layer-folders.ts';
import { runCode, writeFiles } from './run-code.ts';

const FROM_LAYER = {
  'first/nodejs/node_modules/shared/index.js': "exports.name = 'shared ' + require('below').name;",
  'first/nodejs/node_modules/below/index.js': "exports.name = 'first';",
  'second/nodejs/node_modules/below/index.js': "exports.name = 'second';",
};
const REQUIRES = { 'index.cjs': "exports.handler = async () => require('shared').name;" };
const IMPORTS = { 'index.mjs': "import { name } from 'shared'; export const handler = async () => name;" };

describe('layers of a function', () => {
  it.each([
    ['required', 'code', REQUIRES],
    ['imported', 'code', IMPORTS],
    ['required by a build', '.aws-sam/build/Fn', REQUIRES],
    ['imported by a build', '.aws-sam/build/Fn', IMPORTS],
  ])('bring modules, of which the last layer wins (%s)', async (_, directory, code) => {
    const files = Object.entries(code).map(([path, text]) => [`${directory}/${path}`, text]);
    const { answers } = await runCode({
      files: { ...FROM_LAYER, ...Object.fromEntries(files) },
      directory,
      layers: ['first', 'second'],
    });
    expect(answers).toEqual(['shared second']);
  });

  it('come before the packages of the project that Lambda brings, and after those of a build itself', async () => {
    const sdk = (folder: string, name: string): Record<string, string> => ({
      [`${folder}/node_modules/@aws-sdk/client-test/index.js`]: `exports.name = '${name}';`,
    });
    const code = "exports.handler = async () => require('@aws-sdk/client-test').name;";
    const build = '.aws-sam/build/Fn';
    const files = { [`${build}/index.cjs`]: code, ...sdk('.', 'project'), ...sdk('layer/nodejs', 'layer') };
    const options = { directory: build, layers: ['layer'] };
    expect((await runCode({ files, ...options })).answers).toEqual(['layer']);
    const own = { ...files, ...sdk(build, 'own') };
    expect((await runCode({ files: own, ...options })).answers).toEqual(['own']);
  });

  it('may hold modules that Node.js loads first', async () => {
    const { answers } = await runCode({
      files: {
        'index.cjs': 'exports.handler = async () => globalThis.preloaded;',
        'layer/preload.cjs': "globalThis.preloaded = 'by the layer';",
      },
      layers: ['layer'],
      variables: { NODE_OPTIONS: '--require /opt/preload.cjs' },
    });
    expect(answers).toEqual(['by the layer']);
  });

  it('come in the folder of the version first, and bring programs and libraries', async () => {
    const files = {
      'index.cjs': `exports.handler = async () => [require('m'), process.env.PATH, process.env.LD_LIBRARY_PATH];`,
      'layer/nodejs/node_modules/m.js': "module.exports = 'any';",
      'layer/nodejs/node22/node_modules/m.js': "module.exports = 'of 22';",
    };
    const { answers } = await runCode({ files, layers: ['layer'], runtime: 'nodejs22.x' });
    expect(answers).toEqual([
      [
        'of 22',
        expect.stringMatching(/:\/bin:\/.*\/opt\/bin$/),
        expect.stringMatching(/\/lib:\/.*\/opt\/lib$/),
      ],
    ]);
  });
});

describe('createLayerFolders', () => {
  let root = '';
  let folders: LayerFolders;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'oncefold-'));
    folders = createLayerFolders();
  });
  afterEach(async () => {
    await folders.remove();
    rmSync(root, { recursive: true, force: true });
  });

  it('makes one folder for the same layers, and removes it at the end', async () => {
    writeFiles(root, { 'a/x': 'a', 'b/x': 'b', 'b/deep/y': 'y' });
    const sources = [join(root, 'a'), join(root, 'b')];
    const [first, again, other] = await Promise.all([
      folders.merge(sources),
      folders.merge(sources),
      folders.merge(sources.toReversed()),
    ]);
    expect(again?.directory).toBe(first?.directory);
    expect(readFileSync(join(first?.directory ?? '', 'x'), 'utf8')).toBe('b');
    expect(readFileSync(join(other?.directory ?? '', 'x'), 'utf8')).toBe('a');
    expect(await folders.merge([])).toBeUndefined();
    await folders.remove();
    expect(existsSync(first?.directory ?? root)).toBe(false);
  });

  it('takes changed content anew, without what has gone', async () => {
    writeFiles(root, { 'a/x': 'old', 'a/gone': '' });
    const layers = await folders.merge([join(root, 'a')]);
    writeFiles(root, { 'a/x': 'new' });
    rmSync(join(root, 'a', 'gone'));
    await layers?.refresh();
    expect(readFileSync(join(layers?.directory ?? '', 'x'), 'utf8')).toBe('new');
    expect(existsSync(join(layers?.directory ?? '', 'gone'))).toBe(false);
  });
});
