import { existsSync } from 'node:fs';
import { asError } from '../streams/stream-source.ts';
import {
  type FunctionProcess,
  type FunctionProcessOptions,
  startFunctionProcess,
} from './function-process.ts';
import { FunctionBrokenError, InitAttempts } from './init-attempts.ts';
import type { InvocationFailure } from './invocation.ts';

export interface FunctionProcessesOptions extends Omit<FunctionProcessOptions, 'initTimeoutSeconds'> {
  readonly functionId: string;
  /** 30 by default: twice what a heavily loaded machine was seen to need for a bundle with the SDK. */
  readonly initTimeoutSeconds?: number;
  /** Called when the function could not be initialized, however often it was tried; again only after a reload. */
  readonly onBroken: (error: FunctionBrokenError) => void;
  /** Variables of one process, on top of those of the function. */
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

/** The life cycle of all processes of one function. */
export class FunctionProcesses {
  readonly #options: FunctionProcessesOptions;
  readonly #running = new Set<PooledProcess>();
  readonly #free: PooledProcess[] = [];
  readonly #init: InitAttempts;
  readonly #stopping = new AbortController();
  #started = 0;
  #generation = 0;
  #endedCpuSeconds = 0;

  constructor(options: FunctionProcessesOptions) {
    this.#options = options;
    this.#init = new InitAttempts(options.functionId, options.onBroken);
  }

  /** The process that was used last, a new one when none is free, or why there is none. */
  async acquire(): Promise<PooledProcess | InvocationFailure> {
    const { signal } = this.#stopping;
    if (signal.aborted) {
      return STOPPED;
    }
    if (this.#init.broken !== undefined) {
      return { code: 'failed', cause: 'init', ...this.#init.broken.reason, durationMs: 0 };
    }
    for (let pooled = this.#free.pop(); pooled !== undefined; pooled = this.#free.pop()) {
      if (this.#isUsable(pooled)) {
        return pooled;
      }
    }
    await this.#init.backOff(signal);
    return signal.aborted ? STOPPED : this.#start();
  }

  /** Takes a process back that can take another invocation. */
  async release(pooled: PooledProcess): Promise<void> {
    if (this.#isUsable(pooled)) {
      this.#free.push(pooled);
    } else {
      await pooled.process.stop(RELOADED);
    }
  }

  brokenBecause(failure: InvocationFailure): FunctionBrokenError {
    return this.#init.broken ?? new FunctionBrokenError(this.#options.functionId, failure);
  }

  async cpuSeconds(): Promise<number> {
    const seconds = await Promise.all([...this.#running].map(({ process }) => process.cpuSeconds()));
    return seconds.reduce((sum, each) => sum + each, this.#endedCpuSeconds);
  }

  async reload(): Promise<void> {
    this.#generation += 1;
    this.#init.reset();
    await Promise.all(this.#free.splice(0).map(({ process }) => process.stop(RELOADED)));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#running].map(({ process }) => process.stop('stopped')));
  }

  #isUsable(pooled: PooledProcess): boolean {
    return this.#running.has(pooled) && !pooled.isCrashed && pooled.generation === this.#generation;
  }

  async #start(): Promise<PooledProcess | InvocationFailure> {
    const { signal } = this.#stopping;
    const begunWith = this.#generation;
    const spawned = await this.#spawn().catch((error: unknown) => this.#spawnFailure(asError(error)));
    if ('code' in spawned) {
      if (!signal.aborted && begunWith === this.#generation) {
        this.#init.fail(spawned);
      }
      return spawned;
    }
    const pooled = spawned;
    const { process, generation } = pooled;
    const failure = await process.initialized;
    if (generation !== this.#generation && !signal.aborted) {
      // Its code was replaced while it loaded; whether that worked says nothing about the new code.
      await process.stop(RELOADED);
      return this.acquire();
    }
    if (failure === undefined) {
      this.#init.succeed();
      return pooled;
    }
    await process.stop('init failed');
    if (!signal.aborted) {
      this.#init.fail(failure);
    }
    return failure;
  }

  /** The folder may be gone while a build makes it anew: that is the function's failure, not that of the application. */
  #spawnFailure({ message, cause }: Error): InvocationFailure {
    const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
    const { taskRoot } = this.#options;
    const errorMessage = existsSync(taskRoot) ? reason : `its folder ${taskRoot} is not there: ${reason}`;
    return {
      code: 'failed',
      cause: 'init',
      errorType: 'Runtime.InvalidEntrypoint',
      errorMessage,
      stackTrace: [],
      durationMs: 0,
    };
  }

  async #spawn(): Promise<PooledProcess> {
    const options = this.#options;
    const generation = this.#generation;
    this.#started += 1;
    const processKey = `${options.functionId}-${this.#started}`;
    const process = await startFunctionProcess({
      ...options,
      initTimeoutSeconds: options.initTimeoutSeconds ?? 30,
      environment: { ...options.environment, ...options.processEnvironment?.(processKey) },
      onExited: (pid, reason) => {
        void this.#forget(pid);
        options.onExited(pid, reason);
      },
    });
    const pooled: PooledProcess = { process, processKey, generation, isCrashed: false };
    this.#running.add(pooled);
    if (this.#stopping.signal.aborted) {
      await process.stop('stopped');
    }
    return pooled;
  }

  async #forget(pid: number): Promise<void> {
    const pooled = [...this.#running].find(({ process }) => process.pid === pid);
    if (pooled !== undefined) {
      this.#running.delete(pooled);
      this.#endedCpuSeconds += await pooled.process.cpuSeconds();
    }
  }
}
