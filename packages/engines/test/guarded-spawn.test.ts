import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../src/engine-error.ts';
import { guardedSpawn } from '../src/guarded-spawn.ts';
import { isRunning, processesWith, startOwner, untilEmpty } from './processes.ts';

describe('guardedSpawn', () => {
  it.each(['killed-while-spawning', 'killed-after-spawning', 'killed-when-started', 'throws', 'exits'])(
    'leaves nothing behind when its owner ends: %s',
    async (ending) => {
      const mark = randomUUID();
      const owner = startOwner(ending, mark);
      const { signal, code } = await owner.ended;
      expect(ending.startsWith('killed') ? signal : code).toBe(
        ending.startsWith('killed') ? 'SIGKILL' : ending === 'throws' ? 1 : 0,
      );
      expect(await untilEmpty(() => processesWith(mark))).toEqual([]);
    },
  );

  it('keeps the program running on Ctrl-C until the owner stops it', async () => {
    const mark = randomUUID();
    const owner = startOwner('interrupted', mark);
    await owner.nextLine();
    // What a terminal does on Ctrl-C: the signal goes to the whole foreground process group.
    process.kill(-owner.pid, 'SIGINT');
    expect(await owner.nextLine()).toEqual({ alive: true });
    expect(await owner.nextLine()).toEqual({ exit: { signal: 'SIGKILL' } });
    expect(await owner.ended).toEqual({ code: 0, signal: null });
    expect(await untilEmpty(() => processesWith(mark))).toEqual([]);
  });

  it('ends the program, what the program started, and the guard when it is stopped', async () => {
    const mark = randomUUID();
    const child = await guardedSpawn({ command: 'sh', args: ['-c', 'sleep 1000 & wait', mark] });
    expect(await isRunning(child.pid)).toBe(true);
    await Promise.all([child.stop(), child.stop()]);
    expect(await isRunning(child.pid)).toBe(false);
    expect(child.exit).toEqual({ signal: 'SIGKILL' });
    expect(child.kill('SIGTERM')).toBe(false);
    await child.stop();
    expect(await untilEmpty(() => processesWith(mark))).toEqual([]);
  });

  it('reports how the program ended by itself and leaves no guard', async () => {
    const mark = randomUUID();
    const child = await guardedSpawn({ command: 'sh', args: ['-c', 'exit 7', mark] });
    expect(await child.exited).toEqual({ code: 7 });
    expect(await untilEmpty(() => processesWith(mark))).toEqual([]);
  });

  it('reports the signal that ended the program', async () => {
    const child = await guardedSpawn({ command: 'sleep', args: ['1000'] });
    process.kill(child.pid, 'SIGSEGV');
    expect(await child.exited).toEqual({ signal: 'SIGSEGV' });
  });

  it('kills the program when its guard is killed', async () => {
    const mark = randomUUID();
    const child = await guardedSpawn({
      command: 'sh',
      args: ['-c', 'echo $PPID; sleep 1000', mark],
      stdout: 'pipe',
    });
    const [guard] =
      (await child.stdout?.iterator({ destroyOnReturn: false }).next())?.value.toString().split('\n') ?? [];
    process.kill(Number(guard), 'SIGKILL');
    expect(await child.exited).toEqual({ signal: 'SIGKILL' });
    expect(await untilEmpty(() => processesWith(mark))).toEqual([]);
  });

  it('passes environment, directory, arguments and output as they are, and an empty input', async () => {
    const child = await guardedSpawn({
      command: 'sh',
      args: [
        '-c',
        'cat; printf "%s|" "$0" "$VALUE" "$(pwd)" "$@"; printf wrong >&2',
        'a b',
        '$(no)',
        "it's",
        '',
      ],
      cwd: '/',
      env: { PATH: process.env['PATH'], VALUE: 'a "quoted" value' },
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const [output, complaints] = await Promise.all([
      text(child.stdout as NodeJS.ReadableStream),
      text(child.stderr as NodeJS.ReadableStream),
    ]);
    expect(output).toBe(`a b|a "quoted" value|/|$(no)|it's||`);
    expect(complaints).toBe('wrong');
    expect(await child.exited).toEqual({ code: 0 });
  });

  it('reads one more pipe of the program to its end', async () => {
    const child = await guardedSpawn({
      command: '/bin/sh',
      args: ['-c', 'echo further >&5; echo usual'],
      stdout: 'pipe',
      hasExtraOutput: true,
    });
    expect(await text(child.extraOutput as NodeJS.ReadableStream)).toBe('further\n');
    expect(await text(child.stdout as NodeJS.ReadableStream)).toBe('usual\n');
    expect(await child.exited).toEqual({ code: 0 });
  });

  it('says 127 for a program that does not exist', async () => {
    const child = await guardedSpawn({ command: 'no-such-program-anywhere' });
    expect(await child.exited).toEqual({ code: 127 });
  });

  it('throws when the working directory does not exist', async () => {
    await expect(guardedSpawn({ command: 'true', cwd: '/no/such/directory' })).rejects.toThrow(EngineError);
  });
});
