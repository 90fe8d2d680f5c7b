// Goal: a machine on which something is missing says what, in one line and with a status of its own.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const bootstrap = join(root, 'scripts', 'bootstrap.mjs');

/** A folder that is all of PATH. */
let programs: string;

beforeEach(async () => {
  programs = await mkdtemp(join(tmpdir(), 'oncefold-path-'));
});

afterEach(() => rm(programs, { recursive: true, force: true }));

describe('bootstrap', () => {
  it('names npm when it is missing', () => {
    const { status, stderr, stdout } = run('demo');
    expect(status).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^Oncefold needs npm \(.*\): install .*\n$/);
  });

  it('names Java when it is too old and nothing replaces DynamoDB Local', async () => {
    await program('npx', 'exit 0');
    await program('java', `echo 'openjdk version "1.8.0_391"' >&2`);
    const { status, stderr } = run('demo', { architecture: 'arm64' });
    expect(status).toBe(3);
    expect(stderr).toMatch(/^Oncefold needs Java 17 or later for DynamoDB Local: install .*\n$/);
  });

  it.each(['setup', 'ready'])('says at %s what is missing, too', (command) => {
    const { status, stderr } = run(command);
    expect(status).toBe(3);
    expect(stderr).toMatch(/^Oncefold needs npm .*\n$/);
  });

  it('says after the set-up that it is done, and what comes next, and nothing before another command', async () => {
    await program('npx', '/bin/mkdir node_modules');
    const repository = await mkdtemp(join(tmpdir(), 'oncefold-repository-'));
    for (const name of [
      'package.json',
      'pnpm-lock.yaml',
      'pnpm-workspace.yaml',
      'scripts/bootstrap',
      'scripts/bootstrap.mjs',
    ]) {
      await cp(join(root, name), join(repository, name), { recursive: true });
    }
    const script = join(repository, 'scripts', 'bootstrap.mjs');
    const done = /^Installing .*\nThe dependencies are installed\. Next: .*\n$/;
    expect(run('setup', { script })).toMatchObject({
      status: 0,
      stdout: '',
      stderr: expect.stringMatching(done),
    });
    expect(run('ready', { script })).toMatchObject({ status: 0, stdout: '', stderr: '' });
    await rm(repository, { recursive: true });
  });

  it('comes first in every command that is typed', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    // npm calls this one itself.
    const { prepack: _, ...typed } = scripts;
    const others = Object.entries(typed).filter(
      ([, line]) => !/^(node scripts\/bootstrap\.mjs|npm run --silent) /.test(line),
    );
    expect(others).toEqual([]);
  });

  it('says how to use it when the command is unknown', () => {
    const { status, stderr } = run('dem');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Usage: .*\n$/);
  });
});

async function program(name: string, script: string): Promise<void> {
  const file = join(programs, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

/** Runs the bootstrap as if on a machine with another processor, where one is named. */
function run(
  command: string,
  { architecture = process.arch, script = bootstrap }: { architecture?: string; script?: string } = {},
): { status: number | null; stdout: string; stderr: string } {
  const pretend = `data:text/javascript,Object.defineProperty(process,'arch',{value:'${architecture}'})`;
  return spawnSync(process.execPath, ['--import', pretend, script, command], {
    encoding: 'utf8',
    env: { PATH: programs },
  });
}
