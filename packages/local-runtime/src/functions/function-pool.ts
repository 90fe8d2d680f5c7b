import { FunctionProcesses, type FunctionProcessesOptions } from './function-processes.ts';
import {
  type Invocation,
  type InvocationFailure,
  type InvocationResult,
  PAYLOAD_BYTES_MAX,
  type ReportedError,
} from './invocation.ts';
import { InvocationSlots } from './invocation-slots.ts';

export interface FunctionPoolOptions extends FunctionProcessesOptions {
  /** Processes at most, which is invocations at a time at most; with 0 every invocation is refused. */
  readonly concurrencyMax: number;
  /** Called with the process of an invocation, just before it gets it. */
  readonly onDispatch?: (process: DispatchedProcess, requestId: string) => void;
}

export interface DispatchedProcess {
  readonly processKey: string;
  /** Kills it with SIGKILL, as something outside would. */
  crash(): void;
}

export interface FunctionPool {
  /** Runs one invocation; waits for a free process. Never rejects. */
  invoke(invocation: Invocation): Promise<InvocationResult>;
  /** Makes one process ready before the first invocation. */
  warm(): Promise<void>;
  /** CPU seconds of all processes, ended ones included up to their last invocation or their kill. */
  cpuSeconds(): Promise<number>;
  /**
   * Takes the function's code anew: what runs finishes first, and the next invocation gets a process of the new code. A
   * function that could not be initialized is tried again. Resolves when the idle processes of the old code are gone.
   */
  reload(): Promise<void>;
  /** Kills all processes and refuses what comes afterwards. */
  stop(): Promise<void>;
}

const THROTTLED: ReportedError = {
  errorType: 'TooManyRequestsException',
  errorMessage: 'Rate Exceeded.',
  stackTrace: [],
};

/**
 * Runs a function in as many processes as it has invocations at a time, and keeps the processes for the next ones.
 *
 * The process that was used last is used first. Beyond the limit invocations wait in order. A process that ended is
 * replaced when the next invocation needs one, not before. Failed initializations in a row wait longer each time and
 * are given up after {@link INIT_ATTEMPTS_MAX}; then every invocation fails until the code is reloaded. A process that
 * somebody killed while it loaded says nothing about its code, and is never the reason to give up.
 */
export function createFunctionPool(options: FunctionPoolOptions): FunctionPool {
  const slots = new InvocationSlots(options.concurrencyMax);
  const processes = new FunctionProcesses(options);

  async function invoke(invocation: Invocation): Promise<InvocationResult> {
    const startedAt = Date.now();
    const fail = (cause: InvocationFailure['cause'], error: ReportedError): InvocationFailure => {
      return { code: 'failed', cause, ...error, durationMs: Date.now() - startedAt };
    };
    const tooLarge = checkPayload(invocation.payload);
    if (tooLarge !== undefined) {
      return fail('payload', tooLarge);
    }
    if (slots.isFull) {
      return fail('refused', THROTTLED);
    }
    await slots.take();
    try {
      const pooled = await processes.acquire();
      if ('code' in pooled) {
        return { ...pooled, durationMs: Date.now() - startedAt };
      }
      const { process, processKey } = pooled;
      const crash = (): void => {
        pooled.isCrashed = true;
        process.crash();
      };
      options.onDispatch?.({ processKey, crash }, invocation.requestId);
      const result = await process.invoke(invocation);
      // Returned only when the process is ready again or gone: the next invocation, which often follows at once, would
      // start another process otherwise.
      if (await process.free()) {
        await processes.release(pooled);
      }
      return result;
    } finally {
      slots.release();
    }
  }

  return {
    invoke,
    async warm() {
      await slots.take();
      try {
        const pooled = await processes.acquire();
        if ('code' in pooled) {
          throw processes.brokenBecause(pooled);
        }
        await processes.release(pooled);
      } finally {
        slots.release();
      }
    },
    cpuSeconds: () => processes.cpuSeconds(),
    reload: () => processes.reload(),
    stop: () => processes.stop(),
  };
}

/** Says why an event cannot be handed to a function; `undefined` when it can. */
function checkPayload(payload: string): ReportedError | undefined {
  // A UTF-8 text has at least as many bytes as UTF-16 units, and at most three times as many.
  if (payload.length * 3 <= PAYLOAD_BYTES_MAX || Buffer.byteLength(payload) <= PAYLOAD_BYTES_MAX) {
    return undefined;
  }
  const errorMessage = `Request must be smaller than ${PAYLOAD_BYTES_MAX} bytes for the Invoke operation`;
  return { errorType: 'RequestTooLargeException', errorMessage, stackTrace: [] };
}
