import {
  type FunctionProcess,
  type FunctionProcessOptions,
  startFunctionProcess,
} from './function-process.ts';
import { createInitAttempts, FunctionBrokenError } from './init-attempts.ts';
import type { InvocationFailure } from './invocation.ts';

export interface FunctionProcessesOptions extends Omit<FunctionProcessOptions, 'initTimeoutSeconds'> {
  readonly functionId: string;
  /** 30 by default: twice what a heavily loaded machine was seen to need for a bundle with the SDK. */
  readonly initTimeoutSeconds?: number;
  /** Called when the function could not be initialised, however often it was tried; again only after a reload. */
  readonly onBroken: (error: FunctionBrokenError) => void;
  /**
   * Variables of one process, on top of those of the function.
   *
   * @param processKey - names the process for as long as the pool lives; letters, digits and hyphens
   */
  readonly processEnvironment?: (processKey: string) => Readonly<Record<string, string>>;
}

/** A process and what decides whether it can be used again. */
export interface PooledProcess {
  readonly process: FunctionProcess;
  readonly processKey: string;
  /** Number of reloads when it was started: a process of an earlier generation takes no further invocation. */
  readonly generation: number;
  /** Its end is seen a moment after the crash; until then nothing else must be given to it. */
  isCrashed: boolean;
}

/** The life cycle of all processes of one function. */
export interface FunctionProcesses {
  /** The process that was used last, a new one when none is free, or why there is none. */
  acquire(): Promise<PooledProcess | InvocationFailure>;
  /** Takes a process back that can take another invocation. */
  release(pooled: PooledProcess): Promise<void>;
  brokenBecause(failure: InvocationFailure): FunctionBrokenError;
  /** CPU seconds of all processes, ended ones included up to their last invocation or their kill. */
  cpuSeconds(): Promise<number>;
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** Why a process of older code ends. */
const RELOADED = 'reloaded';
const STOPPED: InvocationFailure = {
  code: 'failed',
  cause: 'refused',
  errorType: 'ServiceException',
  errorMessage: 'The function was stopped',
  stackTrace: [],
  durationMs: 0,
};

export function createFunctionProcesses(options: FunctionProcessesOptions): FunctionProcesses {
  const running = new Set<PooledProcess>();
  const free: PooledProcess[] = [];
  const init = createInitAttempts(options.functionId, options.onBroken);
  const stopping = new AbortController();
  let started = 0;
  let generation = 0;
  let endedCpuSeconds = 0;

  function isUsable(pooled: PooledProcess): boolean {
    return running.has(pooled) && !pooled.isCrashed && pooled.generation === generation;
  }

  async function acquire(): Promise<PooledProcess | InvocationFailure> {
    if (stopping.signal.aborted) {
      return STOPPED;
    }
    if (init.broken !== undefined) {
      return { code: 'failed', cause: 'init', ...init.broken.reason, durationMs: 0 };
    }
    for (let pooled = free.pop(); pooled !== undefined; pooled = free.pop()) {
      if (isUsable(pooled)) {
        return pooled;
      }
    }
    await init.backOff(stopping.signal);
    return stopping.signal.aborted ? STOPPED : start();
  }

  async function start(): Promise<PooledProcess | InvocationFailure> {
    const pooled = await spawn();
    const { process } = pooled;
    const failure = await process.initialised;
    if (pooled.generation !== generation && !stopping.signal.aborted) {
      // Its code was replaced while it loaded; whether that worked says nothing about the new code.
      await process.stop(RELOADED);
      return acquire();
    }
    if (failure === undefined) {
      init.succeed();
      return pooled;
    }
    await process.stop('init failed');
    if (!stopping.signal.aborted) {
      init.fail(failure);
    }
    return failure;
  }

  async function spawn(): Promise<PooledProcess> {
    started += 1;
    const processKey = `${options.functionId}-${started}`;
    const startedIn = generation;
    const process = await startFunctionProcess({
      ...options,
      initTimeoutSeconds: options.initTimeoutSeconds ?? 30,
      environment: { ...options.environment, ...options.processEnvironment?.(processKey) },
      onExited(pid, reason) {
        void forget(pid);
        options.onExited(pid, reason);
      },
    });
    const pooled: PooledProcess = { process, processKey, generation: startedIn, isCrashed: false };
    running.add(pooled);
    if (stopping.signal.aborted) {
      await process.stop('stopped');
    }
    return pooled;
  }

  async function forget(pid: number): Promise<void> {
    const pooled = [...running].find(({ process }) => process.pid === pid);
    if (pooled !== undefined) {
      running.delete(pooled);
      endedCpuSeconds += await pooled.process.cpuSeconds();
    }
  }

  return {
    acquire,
    async release(pooled) {
      if (isUsable(pooled)) {
        free.push(pooled);
      } else {
        await pooled.process.stop(RELOADED);
      }
    },
    brokenBecause: (failure) => init.broken ?? new FunctionBrokenError(options.functionId, failure),
    async cpuSeconds() {
      const seconds = await Promise.all([...running].map(({ process }) => process.cpuSeconds()));
      return seconds.reduce((sum, each) => sum + each, endedCpuSeconds);
    },
    async reload() {
      generation += 1;
      init.reset();
      await Promise.all(free.splice(0).map(({ process }) => process.stop(RELOADED)));
    },
    async stop() {
      stopping.abort();
      await Promise.all([...running].map(({ process }) => process.stop('stopped')));
    },
  };
}
