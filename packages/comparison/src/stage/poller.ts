import { randomUUID } from 'node:crypto';
import {
  createFunctionEnvironment,
  type EngineAccess,
  type FunctionProcess,
  functionArn,
  type InvocationResult,
  startFunctionProcess,
} from '@oncefold/local-runtime';
import type { FunctionResource } from '@oncefold/sam-template';
import { CellFailureError } from './cell-failure-error.ts';

/** One poller of the stream and the one process that it invokes; a process that has ended is replaced by a new one. */
export interface Poller {
  readonly name: string;
  /** How many processes were started. */
  readonly processes: number;
  /** Starts a process unless one is ready. */
  warm(): Promise<void>;
  /** Invokes the function, at most once at a time. */
  invoke(event: object): Promise<InvocationResult>;
  /** Kills the process with SIGKILL; the next invocation starts a new one. */
  kill(): void;
  /** Stops the process gracefully; the next invocation starts one with the environment of that moment. */
  redeploy(): Promise<void>;
  stop(): Promise<void>;
}

const INIT_TIMEOUT_SECONDS = 60;
/** Lines of a process's output that an error message repeats. */
const LINES_MAX = 5;

interface PollerOptions {
  readonly name: string;
  readonly resource: FunctionResource;
  readonly access: EngineAccess;
  readonly taskRoot: string;
  /** Read whenever a process starts. */
  readonly environment: () => Readonly<Record<string, string>>;
}

/** Makes a poller, without a process yet. */
export function createPoller(options: PollerOptions): Poller {
  let current: FunctionProcess | undefined;
  let processes = 0;
  let isStopped = false;

  async function ready(): Promise<FunctionProcess> {
    if (current !== undefined && (await current.free())) {
      return current;
    }
    if (isStopped) {
      throw new CellFailureError('function-broken', 'the poller was stopped');
    }
    const lines: string[] = [];
    processes += 1;
    const started = await startProcess(options, lines);
    current = started;
    const failed = await started.initialized;
    if (isStopped) {
      await started.stop('stopped');
    }
    if (failed?.code === 'failed') {
      const output = lines.join(' | ') || '(none)';
      throw new CellFailureError(
        'function-broken',
        `${failed.errorType}: ${failed.errorMessage}; last lines: ${output}`,
      );
    }
    return started;
  }

  return {
    name: options.name,
    get processes() {
      return processes;
    },
    warm: async () => {
      await ready();
    },
    invoke: async (event) => {
      const process = await ready();
      return process.invoke({ requestId: randomUUID(), payload: JSON.stringify(event) });
    },
    kill: () => {
      if (current !== undefined) {
        process.kill(current.pid, 'SIGKILL');
      }
    },
    redeploy: async () => {
      const old = current;
      current = undefined;
      await old?.stop('redeployed');
    },
    stop: async () => {
      isStopped = true;
      await current?.stop('stopped');
    },
  };
}

/** @param lines - receives the last lines of the process's output */
function startProcess(
  { resource, access, taskRoot, environment }: PollerOptions,
  lines: string[],
): Promise<FunctionProcess> {
  return startFunctionProcess({
    functionArn: functionArn(resource, access),
    environment: createFunctionEnvironment({
      resource,
      access,
      taskRoot,
      handler: resource.handler,
      overrides: environment(),
    }),
    taskRoot,
    timeoutSeconds: resource.timeoutSeconds,
    memorySize: resource.memorySize,
    initTimeoutSeconds: INIT_TIMEOUT_SECONDS,
    onLine: (_, line) => {
      lines.push(line);
      lines.splice(0, lines.length - LINES_MAX);
    },
    onStarted: () => {},
    onExited: () => {},
  });
}
