import { setTimeout as sleep } from 'node:timers/promises';
import {
  type FunctionProcess,
  type FunctionProcessOptions,
  refusePayload,
  startFunctionProcess,
} from './function-process.ts';
import type { ReportedError } from './runtime-api.ts';
import type { Invocation, InvocationFailureCause, InvocationResult } from './types.ts';

/** A function as a pool runs it. */
export interface FunctionPoolOptions extends Omit<FunctionProcessOptions, 'initTimeoutSeconds'> {
  readonly functionId: string;
  /** Processes at most, which is invocations at a time at most; with 0 every invocation is refused. */
  readonly concurrencyMax: number;
  /** 30 by default: twice what a heavily loaded machine was seen to need for a bundle with the SDK. */
  readonly initTimeoutSeconds?: number;
  /** Called when the function could not be initialised {@link INIT_ATTEMPTS_MAX} times in a row; again only after a reload. */
  readonly onBroken: (error: FunctionBrokenError) => void;
  /**
   * Variables of one process, on top of those of the function.
   *
   * @param processKey - names the process for as long as the pool lives; letters, digits and hyphens
   */
  readonly processEnvironment?: (processKey: string) => Readonly<Record<string, string>>;
  /** Told which process gets an invocation, just before it does. */
  readonly onDispatch?: (process: DispatchedProcess, requestId: string) => void;
}

/** The process that has an invocation. */
export interface DispatchedProcess {
  readonly processKey: string;
  /** Kills it with SIGKILL, as something outside would. */
  crash(): void;
}

/** All processes of one function. */
export interface FunctionPool {
  /** Runs one invocation; waits for a free process. Never rejects. */
  invoke(invocation: Invocation): Promise<InvocationResult>;
  /**
   * Makes one process ready before the first invocation.
   *
   * @throws {@link FunctionBrokenError} when it cannot be initialised
   */
  warm(): Promise<void>;
  /** CPU seconds of all processes, ended ones included up to their last invocation or their kill. */
  cpuSeconds(): Promise<number>;
  /**
   * Takes the function's code anew: what runs finishes first, and the next invocation gets a process of the new code. A
   * function that could not be initialised is tried again. Resolves when the idle processes of the old code are gone.
   */
  reload(): Promise<void>;
  /** Kills all processes and refuses what comes afterwards. */
  stop(): Promise<void>;
}

/** A function cannot be initialised, however often it is tried. */
export class FunctionBrokenError extends Error {
  readonly code = 'function-broken';
  readonly retryable = false;
  readonly functionId: string;

  /** What the last attempt reported. */
  readonly reason: ReportedError;

  constructor(functionId: string, reason: ReportedError) {
    super(`${functionId} cannot be initialised: ${reason.errorType}: ${reason.errorMessage}`);
    this.name = 'FunctionBrokenError';
    this.functionId = functionId;
    this.reason = reason;
  }
}

/** So many failed initialisations in a row are no accident. */
export const INIT_ATTEMPTS_MAX = 5;
/** Wait before the second attempt in a row; it doubles with each further one. */
const INIT_BACKOFF_MS = 100;
const WAITING_MAX = 1_000;
/** The generation of processes that were killed. */
const CRASHED = -1;
/** Why a process of older code ends. */
const RELOADED = 'reloaded';
const STOPPED: ReportedError = {
  errorType: 'ServiceException',
  errorMessage: 'The function was stopped',
  stackTrace: [],
};
const THROTTLED: ReportedError = {
  errorType: 'TooManyRequestsException',
  errorMessage: 'Rate Exceeded.',
  stackTrace: [],
};

/**
 * Runs a function in as many processes as it has invocations at a time, and keeps the processes for the next ones.
 *
 * The process that was used last is used first. Beyond the limit invocations wait in order. A process that ended is
 * replaced when the next invocation needs one, not before. Failed initialisations in a row wait longer each time and
 * are given up after {@link INIT_ATTEMPTS_MAX}; then every invocation fails until the code is reloaded. A process that
 * somebody killed while it loaded says nothing about its code, and is never the reason to give up.
 */
export function createFunctionPool(options: FunctionPoolOptions): FunctionPool {
  const processOptions: FunctionProcessOptions = {
    ...options,
    initTimeoutSeconds: options.initTimeoutSeconds ?? 30,
  };
  const processes = new Map<FunctionProcess, Origin>();
  const free: FunctionProcess[] = [];
  const waiting: (() => void)[] = [];
  let used = 0;
  let endedCpuSeconds = 0;
  let initFailures = 0;
  let broken: FunctionBrokenError | undefined;
  let isStopped = false;
  let started = 0;
  /** Counts reloads: a process of an earlier generation takes no further invocation. */
  let generation = 0;
  const stopping = new AbortController();

  async function invoke(invocation: Invocation): Promise<InvocationResult> {
    const startedAt = Date.now();
    const fail = (cause: InvocationFailureCause, error: ReportedError): InvocationResult => {
      return { code: 'failed', cause, ...error, durationMs: Date.now() - startedAt };
    };
    const tooLarge = refusePayload(invocation.payload);
    if (tooLarge !== undefined) {
      return fail('payload', tooLarge);
    }
    if (options.concurrencyMax === 0 || waiting.length >= WAITING_MAX) {
      return fail('refused', THROTTLED);
    }
    if (used >= options.concurrencyMax) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      used += 1;
    }
    try {
      const process = await acquire();
      if ('code' in process) {
        return { ...process, durationMs: Date.now() - startedAt };
      }
      const origin = processes.get(process);
      if (origin !== undefined) {
        const { processKey } = origin;
        options.onDispatch?.({ processKey, crash: () => crash(process, origin) }, invocation.requestId);
      }
      const result = await process.invoke(invocation);
      // Told only when the process is ready again or gone: the next invocation, which often follows at once, would
      // start another process otherwise.
      if (await process.free()) {
        await keep(process);
      }
      return result;
    } finally {
      release();
    }
  }

  /** Its end is seen a moment later; until then nothing else must be given to it. */
  function crash(process: FunctionProcess, origin: Origin): void {
    if (processes.has(process)) {
      processes.set(process, { ...origin, generation: CRASHED });
    }
    process.crash();
  }

  async function keep(process: FunctionProcess): Promise<void> {
    if (processes.get(process)?.generation === generation) {
      free.push(process);
    } else {
      await process.stop(RELOADED);
    }
  }

  /** A free process, or why there is none. */
  async function acquire(): Promise<FunctionProcess | (InvocationResult & { code: 'failed' })> {
    if (isStopped) {
      return { code: 'failed', cause: 'refused', ...STOPPED, durationMs: 0 };
    }
    if (broken !== undefined) {
      return { code: 'failed', cause: 'init', ...broken.reason, durationMs: 0 };
    }
    for (let process = free.pop(); process !== undefined; process = free.pop()) {
      if (processes.get(process)?.generation === generation) {
        return process;
      }
    }
    if (initFailures > 0) {
      await pause(INIT_BACKOFF_MS * 2 ** (Math.min(initFailures, INIT_ATTEMPTS_MAX) - 1), stopping.signal);
    }
    if (isStopped) {
      return { code: 'failed', cause: 'refused', ...STOPPED, durationMs: 0 };
    }
    const startedIn = generation;
    const process = await start();
    const failure = await process.initialised;
    if (generation !== startedIn && !isStopped) {
      // Its code was replaced while it loaded; whether that worked says nothing about the new code.
      await process.stop(RELOADED);
      return acquire();
    }
    if (failure?.code !== 'failed') {
      initFailures = 0;
      return process;
    }
    await process.stop('init failed');
    if (!isStopped) {
      initFailures += 1;
      if (initFailures >= INIT_ATTEMPTS_MAX && broken === undefined && !wasKilled(failure)) {
        broken = new FunctionBrokenError(options.functionId, failure);
        options.onBroken(broken);
      }
    }
    return failure;
  }

  async function start(): Promise<FunctionProcess> {
    started += 1;
    const origin: Origin = { processKey: `${options.functionId}-${started}`, generation };
    const process: FunctionProcess = await startFunctionProcess({
      ...processOptions,
      environment: { ...options.environment, ...options.processEnvironment?.(origin.processKey) },
      onExited(pid, reason) {
        void forget(pid);
        options.onExited(pid, reason);
      },
    });
    processes.set(process, origin);
    if (isStopped) {
      await process.stop('stopped');
    }
    return process;
  }

  async function forget(pid: number): Promise<void> {
    const process = [...processes.keys()].find((candidate) => candidate.pid === pid);
    if (process === undefined) {
      return;
    }
    processes.delete(process);
    endedCpuSeconds += await process.cpuSeconds();
  }

  function release(): void {
    const next = waiting.shift();
    if (next === undefined) {
      used -= 1;
    } else {
      next();
    }
  }

  return {
    invoke,
    async warm() {
      used += 1;
      const process = await acquire();
      if (!('code' in process)) {
        free.push(process);
      }
      release();
      if ('code' in process) {
        throw broken ?? new FunctionBrokenError(options.functionId, process);
      }
    },
    async cpuSeconds() {
      const running = await Promise.all([...processes.keys()].map((process) => process.cpuSeconds()));
      return running.reduce((sum, seconds) => sum + seconds, endedCpuSeconds);
    },
    async reload() {
      generation += 1;
      initFailures = 0;
      broken = undefined;
      await Promise.all(free.splice(0).map((process) => process.stop(RELOADED)));
    },
    async stop() {
      isStopped = true;
      stopping.abort();
      await Promise.all([...processes.keys()].map((process) => process.stop('stopped')));
    },
  };
}

/** Where a process comes from. */
interface Origin {
  readonly processKey: string;
  /** The reload that its code is of. */
  readonly generation: number;
}

/** Only a signal from outside ends a process so: what the runtime itself kills is reported as a timeout. */
function wasKilled(failure: ReportedError): boolean {
  return failure.errorType === 'Runtime.ExitError' && failure.errorMessage.includes('signal: SIGKILL');
}

/** Waits, but not longer than until the pool is stopped. */
async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  await sleep(delayMs, undefined, { signal }).catch(() => undefined);
}
