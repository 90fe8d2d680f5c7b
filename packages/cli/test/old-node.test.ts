// Goal: an installed command says in one line that Node.js is too old, whatever that Node.js does not know.
// Method: the command's first modules as they are published, in a folder where nothing else of ours is; in this Node.js under
// another version, and in a real old one where the machine has it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const systemNode = '/usr/bin/node';
const pretence = `data:text/javascript,${encodeURIComponent(
  "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });",
)}`;
const refused = expect.stringMatching(
  /^oncefold: Node\.js 22\.12 or later is needed, this is \d+\.[^\n]+\n$/,
);
const folder = mkdtempSync(join(tmpdir(), 'oncefold-'));
const program = join(folder, 'cli.mjs');

function run(node: string, options: readonly string[] = []): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(node, [...options, program, '--version'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return { status, stderr };
}

function versionOf(node: string): number {
  return existsSync(node)
    ? Number.parseInt(spawnSync(node, ['-p', 'process.versions.node']).stdout.toString(), 10)
    : 0;
}

describe('a Node.js that is too old', () => {
  beforeAll(() =>
    build({
      entryPoints: [cli],
      outfile: program,
      bundle: true,
      format: 'esm',
      platform: 'node',
      external: ['./command-line/run-command-line.ts'],
    }),
  );
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is refused in one line, before the command itself is loaded', () => {
    expect(run(process.execPath, ['--import', pretence])).toEqual({ status: 2, stderr: refused });
  });

  it('is asked for nothing by name that it may not have', () => {
    expect(readFileSync(program, 'utf8')).not.toMatch(/^import \{/m);
  });

  it.runIf([18, 20].includes(versionOf(systemNode)))('is refused by a real one', () => {
    expect(run(systemNode)).toEqual({ status: 2, stderr: refused });
  });
});
