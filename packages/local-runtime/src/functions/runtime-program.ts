import { fileURLToPath } from 'node:url';
import { type GuardedExit, guardedSpawn } from '@oncefold/engines';
import { askCpuSeconds, readCpuSeconds } from './cpu-seconds.ts';
import { nodeArguments } from './node/node-arguments.ts';
import { splitFrames } from './split-frames.ts';
import { splitLines } from './split-lines.ts';

export interface RuntimeProgramOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly taskRoot: string;
  /** Mebibytes. */
  readonly memorySize: number;
  /** Program and arguments that speak the Runtime API; the project's own runtime client by default. */
  readonly runtimeClient?: readonly string[] | undefined;
  readonly onLine: (output: 'stdout' | 'stderr', line: string) => void;
  readonly onStarted: (pid: number) => void;
}

/** The operating system's process in which a runtime client runs a handler. */
export interface RuntimeProgram {
  readonly pid: number;
  readonly hasEnded: boolean;
  /** Why it was killed; absent when it ended by itself or was killed from outside. */
  readonly killedBecause: string | undefined;
  readonly exited: Promise<string>;
  kill(reason: string): void;
  crash(): void;
  /** Keeps the CPU time so far, which is lost when the process ends. */
  noteCpuSeconds(): void;
  cpuSeconds(): Promise<number>;
  stop(reason: string): Promise<void>;
}

const RUNTIME_CLIENT = fileURLToPath(new URL('./runtime-client.ts', import.meta.url));

/** Tells a runtime client the descriptor to which it writes its log in frames, as in Lambda. */
export const LOG_DESCRIPTOR_VARIABLE = '_LAMBDA_TELEMETRY_LOG_FD';

/** @param runtimeApi - host and port of the Runtime API that serves it */
export async function startRuntimeProgram(
  { environment, taskRoot, memorySize, onLine, onStarted, ...options }: RuntimeProgramOptions,
  runtimeApi: string,
): Promise<RuntimeProgram> {
  const [command, ...args] = options.runtimeClient ?? [
    process.execPath,
    ...nodeArguments({
      memorySize,
      runtime: environment['AWS_EXECUTION_ENV'] ?? '',
      taskRoot,
      nodeOptions: environment['NODE_OPTIONS'],
    }),
    RUNTIME_CLIENT,
  ];
  if (command === undefined) {
    throw new Error('invariant: the command of a runtime client is empty');
  }
  const child = await guardedSpawn({
    command,
    args,
    cwd: taskRoot,
    env: { ...environment, AWS_LAMBDA_RUNTIME_API: runtimeApi },
    stdout: 'pipe',
    stderr: 'pipe',
    hasExtraOutput: environment[LOG_DESCRIPTOR_VARIABLE] !== undefined,
  });
  const { pid } = child;
  onStarted(pid);
  for (const output of ['stdout', 'stderr'] as const) {
    if (child[output] !== undefined) {
      splitLines(child[output], (line) => onLine(output, line));
    }
  }
  if (child.extraOutput !== undefined) {
    splitFrames(child.extraOutput, (line) => onLine('stdout', line));
  }
  let killedBecause: string | undefined;
  let cpuSeconds = 0;

  function noteCpuSeconds(): void {
    cpuSeconds = readCpuSeconds(pid) ?? cpuSeconds;
  }

  function kill(reason: string): void {
    if (child.exit === undefined) {
      killedBecause ??= reason;
      noteCpuSeconds();
      child.kill('SIGKILL');
    }
  }

  return {
    pid,
    get hasEnded() {
      return child.exit !== undefined;
    },
    get killedBecause() {
      return killedBecause;
    },
    exited: child.exited.then((exit) => killedBecause ?? describeExit(exit)),
    kill,
    crash: () => void child.kill('SIGKILL'),
    noteCpuSeconds,
    async cpuSeconds() {
      if (child.exit === undefined) {
        cpuSeconds = (await askCpuSeconds(pid)) ?? cpuSeconds;
      }
      return cpuSeconds;
    },
    async stop(reason) {
      kill(reason);
      await child.stop();
    },
  };
}

function describeExit(exit: GuardedExit): string {
  return exit.signal === undefined ? `exit status ${exit.code ?? 0}` : `signal: ${exit.signal}`;
}
