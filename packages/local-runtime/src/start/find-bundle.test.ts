import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FunctionResource } from '@oncefold/sam-template';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBundle } from './find-bundle.ts';

const resource: FunctionResource = {
  logicalId: 'MapFunction',
  functionName: 'map',
  handler: 'handler.handler',
  layers: [],
  codeUri: 'services/map/src',
  runtime: 'nodejs24.x',
  timeoutSeconds: 60,
  memorySize: 128,
  environment: {},
};
let root = '';

function write(path: string, modifiedSeconds: number): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'export const handler = () => {};');
  utimesSync(file, modifiedSeconds, modifiedSeconds);
  return dirname(file);
}

describe('findBundle', () => {
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'oncefold-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('takes the newest build, whoever made it', () => {
    const built = write('services/map/dist/handler.mjs', 1_000);
    expect(findBundle(resource, root)).toEqual({ directory: built });
    const samBuilt = write('.aws-sam/build/MapFunction/handler.mjs', 2_000);
    expect(findBundle(resource, root)).toEqual({ directory: samBuilt });
    write('services/map/dist/handler.mjs', 3_000);
    expect(findBundle(resource, root)).toEqual({ directory: built });
  });

  it('takes what sam has built where that is wanted first, however old it is', () => {
    const code = write('services/map/src/handler.js', 3_000);
    expect(findBundle(resource, root, 'sam-build')).toEqual({ directory: code });
    const samBuilt = write('.aws-sam/build/MapFunction/handler.mjs', 1_000);
    expect(findBundle(resource, root, 'sam-build')).toEqual({ directory: samBuilt });
  });

  it('takes the code itself where nothing is built from it', () => {
    const code = write('services/map/src/handler.js', 1_000);
    expect(findBundle(resource, root)).toEqual({ directory: code });
  });

  it('takes code in the template for the code, whatever was built before', () => {
    const code = write('inline/MapFunction/code/handler.js', 1_000);
    write('inline/MapFunction/dist/handler.js', 2_000);
    write('.aws-sam/build/MapFunction/handler.js', 2_000);
    const inline = { ...resource, codeUri: code, inlineCode: '' };
    expect(findBundle(inline, root, 'sam-build')).toEqual({ directory: code });
  });

  it('takes what follows the first dot for a path of exports', () => {
    const code = write('services/map/src/lib/handler.js', 1_000);
    expect(findBundle({ ...resource, handler: 'lib/handler.nested.deep.run' }, root)).toEqual({
      directory: code.slice(0, -'/lib'.length),
    });
  });

  it('names a source that has to be built', () => {
    write('services/map/src/handler.ts', 1_000);
    expect(() => findBundle(resource, root)).toThrow(
      /MapFunction is not built: Lambda does not run .*services\/map\/src\/handler\.ts as it is; run .*sam build/,
    );
  });

  it('says what to do when there is no build', () => {
    expect(() => findBundle(resource, root)).toThrow(
      /MapFunction is not built: there is no .*handler\.js, .*handler\.mjs, .*handler\.cjs in .*run `sam build`/,
    );
  });
});
