import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const VANISH_TIMEOUT_MS = 20_000;

/** A running instance of the program in `fixtures/owner.ts`. */
export interface Owner {
  readonly pid: number;
  /** The next line of its standard output, parsed. */
  nextLine(): Promise<Record<string, unknown>>;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts an owner in a process group of its own, as a shell with job control does. */
export function startOwner(
  ending: string,
  mark: string,
  environment: Readonly<Record<string, string>> = {},
): Owner {
  const program = fileURLToPath(new URL('./fixtures/owner.ts', import.meta.url));
  const child = spawn(process.execPath, [program, ending, mark], {
    detached: true,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid ?? 0,
    nextLine: async () => {
      const { value, done } = await lines.next();
      if (done) {
        throw new Error(`the owner (${ending}) ended without another line`);
      }
      return JSON.parse(value) as Record<string, unknown>;
    },
    ended: new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal }))),
  };
}

/** Lists the processes whose command line holds the text; a process that has ended but was not collected is gone. */
export async function processesWith(text: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,stat=,args=']);
  return stdout.split('\n').filter((line) => line.includes(text) && !/^\s*\d+\s+Z/.test(line));
}

export async function isRunning(pid: number): Promise<boolean> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,stat=']);
  return stdout.split('\n').some((line) => new RegExp(`^\\s*${pid}\\s+[^Z]`).test(line));
}

/** Waits until a list is empty; what is still in it when the limit is reached is returned. */
export async function untilEmpty<T>(list: () => Promise<T[]>): Promise<T[]> {
  const deadline = performance.now() + VANISH_TIMEOUT_MS;
  let left = await list();
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(50);
    left = await list();
  }
  return left;
}
