// Goal: whatever process of a running command is killed, nothing of it is left.
// Method: a real npm runs the bootstrap's own modules with a program that starts another one; one process of the chain
// is killed; then all the others must end. Nothing here depends on how fast they do.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

interface Chain {
  readonly npm: ChildProcess;
  readonly shell: number;
  readonly bootstrap: number;
  readonly program: number;
  readonly other: number;
}

let directory: string;
let started: number[] = [];
/** What they have all written on standard error. */
let said = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oncefold-bootstrap-'));
});

afterEach(async () => {
  for (const pid of started) {
    if (await isRunning(pid)) {
      process.kill(pid, 'SIGKILL');
    }
  }
  await rm(directory, { recursive: true, force: true });
});

describe('runChild', () => {
  it.each([
    ['npm', 'The npm that started this command has ended: the command ends, too.'],
    ['program', 'The command was ended from outside by SIGKILL; a system that is short of memory does that.'],
  ] as const)('says why everything ends when %s is killed', async (victim, line) => {
    const chain = await startWithNpm();
    process.kill(victim === 'npm' ? pidOf(chain.npm) : chain.program, 'SIGKILL');
    await expectAllGone();
    await expect.poll(() => said).toContain(line);
  });

  it.each(['npm', 'shell', 'bootstrap', 'program'] as const)(
    'leaves nothing behind when %s is killed',
    async (victim) => {
      const chain = await startWithNpm();
      process.kill(victim === 'npm' ? pidOf(chain.npm) : chain[victim], 'SIGKILL');
      await expectAllGone();
    },
  );

  it('ends a program that does not listen to SIGTERM when npm is killed', async () => {
    const chain = await startWithNpm('deaf');
    process.kill(pidOf(chain.npm), 'SIGKILL');
    await expectAllGone();
  });

  it('passes a signal on to the program and its status back', async () => {
    const chain = await startWithNpm();
    const ended = once(chain.npm, 'exit');
    process.kill(chain.bootstrap, 'SIGINT');
    expect((await ended)[0]).toBe(42);
    await expectAllGone();
  });
});

/** npm starts a shell, which starts the bootstrap, which starts the program, which starts another one. */
async function startWithNpm(...programArguments: string[]): Promise<Chain> {
  const script = join(import.meta.dirname, 'started-by-npm.mjs');
  const command = `'${process.execPath}' '${script}' ${programArguments.join(' ')} && true`;
  await writeFile(join(directory, 'package.json'), JSON.stringify({ scripts: { demo: command } }));
  const npm = spawn('npm', ['run', '--silent', 'demo'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  said = '';
  npm.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const lines = createInterface({ input: npm.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  const chain = { npm, ...(JSON.parse(line) as Omit<Chain, 'npm'>) };
  started = [pidOf(npm), chain.shell, chain.bootstrap, chain.program, chain.other];
  return chain;
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) {
    throw new Error('npm did not start');
  }
  return child.pid;
}

async function expectAllGone(): Promise<void> {
  for (const pid of started) {
    await expect.poll(() => isRunning(pid)).toBe(false);
  }
}

/** A process that has ended and that nobody has collected yet does not run. */
async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') {
    return true;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') X');
  return !/\) [ZX]/.test(stat);
}
