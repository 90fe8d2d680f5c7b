// Goal: a local registry leaves nothing behind, however it ends.
// Method: a real registry is started with a temporary folder of its own; at a step of its work it gets a signal, twice, as npm passes
// a Ctrl-C on; then the folder must be empty.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = join(import.meta.dirname, '..', '..', 'scripts', 'publish-local.mjs');
const POLL_INTERVAL_MS = 20;
const TIMEOUT_MS = 180_000;

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oncefold-publish-local-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

describe('publish-local', () => {
  it(
    'takes what it has stored with it when Ctrl-C ends it while it serves',
    async () => {
      const { signal, stdout, stderr } = await interrupt((output) => output.includes('Ctrl-C ends it.'));
      expect(stdout).toContain('npm install --@oncefold:registry=');
      expect({ signal, stderr }).toEqual({ signal: 'SIGINT', stderr: 'Ended by SIGINT.\n' });
      expect(await readdir(directory)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'says that the signal ended it when that comes while it publishes',
    async () => {
      const { signal, stdout, stderr } = await interrupt(async () =>
        (await filesIn(directory)).includes('storage'),
      );
      expect({ signal, stdout, stderr }).toEqual({
        signal: 'SIGINT',
        stdout: '',
        stderr: 'Ended by SIGINT.\n',
      });
      expect(await readdir(directory)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it('says how to use it, and runs no option as a command', () => {
    const help = spawnSync(process.execPath, [script, '--help'], { encoding: 'utf8' });
    expect(help).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringMatching(/^Usage: npm run publish:local/),
    });
    const unknown = spawnSync(process.execPath, [script, '--port'], { encoding: 'utf8' });
    expect(unknown).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('--port is no option.'),
    });
  });
});

/** Runs it until something is so, and interrupts it then. */
async function interrupt(
  isTime: (output: string) => boolean | Promise<boolean>,
): Promise<{ signal: unknown; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, TMPDIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (said.stdout += chunk));
  child.stderr.on('data', (chunk) => (said.stderr += chunk));
  const closed = once(child, 'close');
  while (!(await isTime(said.stdout))) {
    if (child.exitCode !== null) {
      throw new Error(`ended early:\n${said.stdout}${said.stderr}`);
    }
    await wait(POLL_INTERVAL_MS);
  }
  child.kill('SIGINT');
  child.kill('SIGINT');
  const [, signal] = await closed;
  return { signal, ...said };
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const [registry] = await readdir(folder);
  return registry === undefined ? [] : readdir(join(folder, registry));
}
