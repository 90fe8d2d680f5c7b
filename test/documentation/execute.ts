import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program that runs beside the test. */
export interface Running {
  readonly pid: number;
  /** Waits until it has written a text, or has ended; the status is absent when it has not. */
  until(text: string): Promise<{ readonly status: number | undefined; readonly output: string }>;
  /** With SIGKILL. */
  kill(): void;
}

/** Starts a program; what it writes is kept. */
export function start(command: string, args: readonly string[], cwd: string): Running {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const closed = once(child, 'close').then(([code]) => Number(code));
  return {
    pid: child.pid ?? 0,
    async until(text) {
      let status: number | undefined;
      void closed.then((code) => {
        status = code;
      });
      while (status === undefined && !output.includes(text)) {
        await Promise.race([closed, once(child.stdout, 'data')]);
      }
      return { status, output };
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Runs a program to its end. */
export async function execute(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly status: number | undefined; readonly output: string }> {
  return start(command, args, cwd).until('\0');
}
