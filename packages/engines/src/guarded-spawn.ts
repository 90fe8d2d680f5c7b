import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { PassThrough, type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from './engine-error.ts';

export interface GuardedSpawnOptions {
  /** Program, looked up on PATH unless it is a path. */
  readonly command: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** The whole environment of the program; this process's own when absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A pipe that nobody reads stops the program when it is full: read it or choose `ignore` (default). */
  readonly stdout?: 'pipe' | 'ignore' | 'inherit';
  readonly stderr?: 'pipe' | 'ignore' | 'inherit';
  /** Gives the program one more pipe, as its descriptor {@link EXTRA_DESCRIPTOR}. */
  readonly hasExtraOutput?: boolean;
  /** A folder that goes with the program when the owner ends without having removed it. */
  readonly scratch?: string;
}

/** How a program ended, as a shell reports it. */
export interface GuardedExit {
  /** Absent when a signal ended the program. */
  readonly code?: number;
  /** Absent when the program exited by itself; a program that exits with 128 + n looks as if signal n had ended it. */
  readonly signal?: NodeJS.Signals;
}

export interface GuardedProcess {
  /** Process id of the program itself, not of its guard. */
  readonly pid: number;
  readonly stdout?: Readable;
  readonly stderr?: Readable;
  readonly extraOutput?: Readable;
  /** Resolves, never rejects, when the program has ended. */
  readonly exited: Promise<GuardedExit>;
  /** Absent while the program runs. */
  readonly exit: GuardedExit | undefined;
  /** @returns false when the program had ended already */
  kill(signal: NodeJS.Signals): boolean;
  /**
   * Kills the program and everything that it started, and waits until it is gone.
   *
   * @throws {@link EngineError} when it is still there after five seconds
   */
  stop(): Promise<void>;
}

/** Where a program finds its further pipe: the first descriptor that the guard has no use for. */
export const EXTRA_DESCRIPTOR = 5;

/**
 * Runs beside the program, in a process group of its own, and reads a pipe that only the owner holds.
 *
 * The pipe ends when the owner ends, however it ends, SIGKILL included; then the whole group is killed. The shell's
 * own `read` waits for that, so that no second program is left when the first one ends. The program must not hold the
 * pipe, hence the closed descriptors; nor may the shells hold the program's output open, or add to it. The program is
 * stopped before its scratch folder is removed, so that it writes nothing there afterwards; were it killed, the shell that
 * waits for it would go on.
 */
const GUARD = `
exec 4<&0 </dev/null
scratch=$1
shift
"$@" </dev/null 3>&- 4<&- &
child=$!
(
  while read -r line; do :; done
  if [ -n "$scratch" ]; then
    kill -STOP "$child"
    rm -rf -- "$scratch"
  fi
  kill -KILL 0
) <&4 >/dev/null 2>&1 3>&- 4<&- 5>&- &
guard=$!
exec 4<&- 5>&- >/dev/null 2>&1
echo "$child" >&3
exec 3>&-
wait "$child"
status=$?
kill -KILL "$guard"
exit "$status"
`;

const STOP_TIMEOUT_MS = 5_000;

/**
 * Starts a program that dies when this process dies, at any moment and from any cause, SIGKILL included.
 *
 * The program runs in a session of its own: signals of the terminal reach this process only, so that Ctrl-C leaves it
 * the time to stop its programs in order. The program's standard input is empty. Needs a POSIX `sh` (Linux, macOS).
 *
 * @returns the running program. A program that does not exist ends at once with code 127, as in a shell.
 * @throws {@link EngineError} when the guard itself cannot be started
 */
export async function guardedSpawn(options: GuardedSpawnOptions): Promise<GuardedProcess> {
  const { command, args = [], scratch = '' } = options;
  const guard = spawn('/bin/sh', ['-c', GUARD, 'guard', scratch, command, ...args], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...(options.env ?? process.env) },
    detached: true,
    stdio: [
      'pipe',
      options.stdout ?? 'ignore',
      options.stderr ?? 'ignore',
      'pipe',
      ...(options.hasExtraOutput === true ? (['ignore', 'pipe'] as const) : []),
    ],
  });
  // When a program ends, Node.js throws away what nobody has begun to read, and the caller can begin only after this
  // function has returned: keep the output of a program that ends before that.
  const stdout = guard.stdout?.pipe(new PassThrough());
  const stderr = guard.stderr?.pipe(new PassThrough());
  const extraOutput = (guard.stdio.at(EXTRA_DESCRIPTOR) as Readable | undefined)?.pipe(new PassThrough());
  // The pipe breaks when the group is killed; its end is reported by `exit`.
  guard.stdin?.on('error', () => {});
  const ended = new Promise<GuardedExit>((resolve) => {
    guard.once('exit', (code, signal) => resolve(asGuardedExit(code, signal)));
  });
  const pid = await readPid(guard);
  let exit: GuardedExit | undefined;
  const exited = ended.then((value) => {
    exit = value;
    killGroup(guard);
    return value;
  });
  return {
    pid,
    ...(stdout === undefined ? {} : { stdout }),
    ...(stderr === undefined ? {} : { stderr }),
    ...(extraOutput === undefined ? {} : { extraOutput }),
    exited,
    get exit() {
      return exit;
    },
    kill: (signal) => exit === undefined && sendSignal(pid, signal),
    stop: () => stop(guard, pid, exited, options.command),
  };
}

async function stop(
  guard: ChildProcess,
  pid: number,
  exited: Promise<GuardedExit>,
  command: string,
): Promise<void> {
  // The guard waits for the program, so that its end is also the program's. Killing the guard would leave that open.
  if (guard.exitCode === null && guard.signalCode === null) {
    sendSignal(pid, 'SIGKILL');
  }
  const deadline = new AbortController();
  const outcome = await Promise.race([
    exited,
    sleep(STOP_TIMEOUT_MS, 'still running' as const, { signal: deadline.signal }),
  ]);
  deadline.abort();
  if (outcome === 'still running') {
    killGroup(guard);
    throw new EngineError(`${command} (process ${pid}) did not end within ${STOP_TIMEOUT_MS} ms`, {
      code: 'stop-timeout',
    });
  }
}

/** Reads the program's process id, which the guard writes to its third descriptor. */
async function readPid(guard: ChildProcess): Promise<number> {
  const pipe = guard.stdio[3] as Readable;
  let text = '';
  try {
    // `once` rejects when the guard emits an error instead, such as for a working directory that does not exist.
    await once(guard, 'spawn');
    for await (const chunk of pipe) {
      text += String(chunk);
    }
  } catch (cause) {
    throw new EngineError('The guard of a program could not be started', { code: 'spawn-failed', cause });
  }
  const pid = Number(text);
  if (!Number.isSafeInteger(pid) || pid <= 0) {
    throw new EngineError('The guard of a program ended before it had started the program', {
      code: 'spawn-failed',
    });
  }
  return pid;
}

/** Ends what the program itself may have started; the group's number is the guard's process id. */
function killGroup(guard: ChildProcess): void {
  if (guard.pid !== undefined) {
    sendSignal(-guard.pid, 'SIGKILL');
  }
}

function sendSignal(target: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    // EPERM is what macOS answers for a group of which only ended processes are left.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH' || code === 'EPERM') {
      return false;
    }
    throw error;
  }
}

function asGuardedExit(code: number | null, signal: NodeJS.Signals | null): GuardedExit {
  if (signal !== null) {
    return { signal };
  }
  const status = code ?? 0;
  const number = status - 128;
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return status > 128 && name !== undefined ? { signal: name as NodeJS.Signals } : { code: status };
}
