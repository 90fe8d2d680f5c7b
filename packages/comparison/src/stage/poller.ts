import { randomUUID } from 'node:crypto';
import type { EngineAccess } from '@oncefold/local-runtime';
import {
  createFunctionEnvironment,
  type FunctionProcess,
  functionArn,
  type InvocationResult,
  startFunctionProcess,
} from '@oncefold/local-runtime';
import type { FunctionResource } from '@oncefold/sam-template';
import { CellFailureError } from '../cells/cell-failure-error.ts';

/** How a poller's function is run. */
export interface PollerOptions {
  /** Name of the poller; the proxy sees it as the client. */
  readonly name: string;
  readonly resource: FunctionResource;
  readonly access: EngineAccess;
  /** Absolute directory of the built function. */
  readonly taskRoot: string;
  /** Read at each start of a process. */
  readonly environment: () => Readonly<Record<string, string>>;
}

/** One poller of the stream and the one process that it invokes, started anew whenever it has ended. */
export interface Poller {
  readonly name: string;
  /** Processes that were started. */
  readonly processes: number;
  /**
   * Makes a process ready.
   *
   * @throws {@link CellFailureError} when it cannot be initialised
   */
  warm(): Promise<void>;
  /** Invokes the function, at most once at a time. */
  invoke(event: object): Promise<InvocationResult>;
  /** Kills the process with SIGKILL, in the middle of whatever it does; the poller goes on with a new one. */
  kill(): void;
  /** Ends the process in peace, so that the next invocation gets one with the environment of then. */
  redeploy(): Promise<void>;
  stop(): Promise<void>;
}

const INIT_TIMEOUT_SECONDS = 60;
const LINES_MAX = 5;

/** Makes a poller; its first process is started when it is needed. */
export function createPoller(options: PollerOptions): Poller {
  const { resource, access, taskRoot } = options;
  let current: FunctionProcess | undefined;
  let processes = 0;
  let isStopped = false;
  let lines: string[] = [];

  async function ready(): Promise<FunctionProcess> {
    if (current !== undefined && (await current.free())) {
      return current;
    }
    if (isStopped) {
      throw new CellFailureError('function-broken', 'the poller was stopped');
    }
    lines = [];
    processes += 1;
    const started = await startFunctionProcess({
      functionArn: functionArn(resource, access),
      environment: createFunctionEnvironment({
        resource,
        access,
        taskRoot,
        handler: resource.handler,
        overrides: options.environment(),
      }),
      taskRoot,
      timeoutSeconds: resource.timeoutSeconds,
      memorySize: resource.memorySize,
      initTimeoutSeconds: INIT_TIMEOUT_SECONDS,
      onLine: (_, line) => {
        lines = [...lines, line].slice(-LINES_MAX);
      },
      onStarted: () => {},
      onExited: () => {},
    });
    current = started;
    const failed = await started.initialised;
    if (isStopped) {
      await started.stop('stopped');
    }
    if (failed?.code === 'failed') {
      throw new CellFailureError(
        'function-broken',
        `${failed.errorType}: ${failed.errorMessage}; last lines: ${lines.join(' | ') || '(none)'}`,
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
