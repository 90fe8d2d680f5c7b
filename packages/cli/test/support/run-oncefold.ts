import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** How `oncefold` ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `oncefold` as a process of its own. */
export interface Oncefold {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has written so far. */
  output(): { readonly stdout: string; readonly stderr: string };
  /** Waits for the first whole line on standard output that the test accepts. */
  line(accept: (line: string) => boolean): Promise<string>;
  /** Does what the death of the owning process would do. */
  releaseOwnership(): void;
}

/** Variables that would change what the command does or how it speaks. */
const unwanted =
  /^(AWS_|ONCEFOLD_|NODE_OPTIONS|NO_COLOR|FORCE_COLOR|VITEST|[A-Z]+_TABLE|NAMESPACE|LEDGER_|HIERARCHY_|UNRECORDED_)/;

/** Starts `oncefold` as a user would, with an environment that holds nothing of the test runner's. */
export function startOncefold(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  options: { readonly hasOwner?: boolean; readonly directory?: string } = {},
): Oncefold {
  const inherited = Object.entries(process.env).filter(([name]) => !unwanted.test(name));
  const child = spawn(process.execPath, [program, ...words], {
    ...(options.directory !== undefined && { cwd: options.directory }),
    env: {
      ...Object.fromEntries(inherited),
      ...environment,
      ...(options.hasOwner === true && { ONCEFOLD_OWNER_FD: '3' }),
    },
    stdio: ['ignore', 'pipe', 'pipe', ...(options.hasOwner === true ? (['pipe'] as const) : [])],
  });
  const { stdout: out, stderr: err, stdio } = child;
  if (out === null || err === null) {
    throw new Error('invariant: both outputs are pipes');
  }
  let stdout = '';
  let stderr = '';
  out.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  err.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([status]: (number | null)[]) => ({
    status: status ?? null,
    stdout,
    stderr,
  }));
  return {
    process: child,
    ended,
    output: () => ({ stdout, stderr }),
    releaseOwnership: () => void (stdio[3] as Writable | undefined)?.destroy(),
    async line(accept) {
      for (;;) {
        const line = stdout.split('\n').slice(0, -1).find(accept);
        if (line !== undefined) {
          return line;
        }
        const end = await Promise.race([once(out, 'data').then(() => undefined), ended]);
        if (end !== undefined) {
          throw new Error(`oncefold ended with status ${end.status}: ${end.stderr}`);
        }
      }
    },
  };
}

/** Runs `oncefold` to its end. */
export function runOncefold(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  options: { readonly directory?: string } = {},
): Promise<Ended> {
  return startOncefold(words, environment, options).ended;
}
