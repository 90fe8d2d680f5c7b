// Goal: a command that ends without having been asked to says why, and never with status 0.
// Method: real processes, each ended in one way: by a signal, by its owner, by whoever reads it, by itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('./fixtures/ends.ts', import.meta.url));
const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

interface Ending {
  readonly process: ChildProcess;
  readonly ended: Promise<{ readonly status: number | null; readonly stderr: string }>;
}

function start(ending: string, options: readonly string[] = []): Ending {
  const child = spawn(process.execPath, [...options, program, ending], {
    env: { ...process.env, NODE_OPTIONS: '', ONCEFOLD_OWNER_FD: '3' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const { stderr } = child;
  if (stderr === null) {
    throw new Error('invariant: standard error is a pipe');
  }
  const ended = Promise.all([once(child, 'exit'), text(stderr)]).then(([[status], said]) => ({
    status,
    stderr: said,
  }));
  return { process: child, ended };
}

/** Waits until the command does its work. */
async function untilBegun({ process: child }: Ending): Promise<void> {
  await once(child.stdout ?? child, 'data');
}

describe('an end that nobody asked for', () => {
  it.each([
    ['exits', 2, 'oncefold: ended before its work was done (exit status 0)\n'],
    ['starves', 13, 'oncefold: ended before its work was done (exit status 13)\n'],
    ['throws', 2, 'oncefold: a defect\n'],
    ['throws-later', 2, 'oncefold: internal error: a defect elsewhere\n'],
    ['throws-nothing', 2, 'oncefold: internal error: undefined\n'],
    ['rejects', 2, 'oncefold: internal error: a promise that nobody waits for\n'],
    ['rejects-nothing', 2, 'oncefold: internal error: '],
    ['hangs-at-the-end', 2, 'oncefold: what was running did not stop within 8 seconds\n'],
  ])('says why when the command %s', async (ending, status, line) => {
    const end = await start(ending).ended;
    expect(end.stderr).toContain(line);
    expect(end.status).toBe(status);
  });

  it('says why when the command runs out of memory', async () => {
    const { stderr } = await start('runs-out-of-memory', ['--max-old-space-size=32']).ended;
    expect(stderr).toContain('heap out of memory');
  });

  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('says that %s has ended it', async (signal, status) => {
    const command = start('waits');
    await untilBegun(command);
    command.process.kill(signal);
    expect(await command.ended).toEqual({ status, stderr: `oncefold: ended by ${signal}\n` });
  });

  it('stops in order when a program asks for its end, again, and with a signal at the same time', async () => {
    expect(await start('is-asked-often').ended).toEqual({
      status: 143,
      stderr: 'stopped in order\noncefold: asked to end\n',
    });
  });

  it('does not end as if it had been ready when its standard input ends before', async () => {
    const child = spawn(process.execPath, [cli, 'up', '--until-stdin-ends'], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [[status], stderr] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
    expect(stderr).toContain('oncefold: its standard input has ended (--until-stdin-ends)\n');
    expect(status).toBe(143);
  });

  it('says that its owner has gone', async () => {
    const command = start('waits');
    await untilBegun(command);
    (command.process.stdio[3] as Writable).destroy();
    expect(await command.ended).toEqual({
      status: 1,
      stderr: 'oncefold: the process that started this one has ended\n',
    });
  });

  it('says that nobody reads it any more', async () => {
    const command = start('writes');
    await untilBegun(command);
    command.process.stdout?.destroy();
    expect(await command.ended).toEqual({
      status: 141,
      stderr: 'oncefold: nobody reads its standard output any more\n',
    });
  });
});
