import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type GuardedExit, type GuardedProcess, guardedSpawn } from '@oncefold/engines';
import { askCpuSeconds, readCpuSeconds } from './cpu-seconds.ts';
import { type ReportedError, startRuntimeApi, TOO_LARGE } from './runtime-api.ts';
import { splitLines } from './split-lines.ts';
import {
  type Invocation,
  type InvocationFailureCause,
  type InvocationResult,
  PAYLOAD_BYTES_MAX,
} from './types.ts';

/** How the processes of one function are started. */
export interface FunctionProcessOptions {
  readonly functionArn: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Directory of the code; the working directory of the process. */
  readonly taskRoot: string;
  readonly timeoutSeconds: number;
  /** Mebibytes. */
  readonly memorySize: number;
  /** Longest time until the runtime client asks for its first invocation, seconds. */
  readonly initTimeoutSeconds: number;
  /** Program and arguments that speak the Runtime API; the project's own runtime client by default. */
  readonly runtimeClient?: readonly string[] | undefined;
  readonly onLine: (output: 'stdout' | 'stderr', line: string) => void;
  readonly onStarted: (pid: number) => void;
  readonly onExited: (pid: number, reason: string) => void;
}

/** One process that runs one invocation at a time. */
export interface FunctionProcess {
  readonly pid: number;
  /** Resolves when the process can take an invocation, or with why it never will. */
  readonly initialised: Promise<InvocationResult | undefined>;
  /** Takes one invocation; call it only when the process is free. Never rejects. */
  invoke(invocation: Invocation): Promise<InvocationResult>;
  /** Resolves when the process can take another invocation: `false` when it has ended instead. */
  free(): Promise<boolean>;
  cpuSeconds(): Promise<number>;
  /** Kills the process as something outside would: an invocation that it has fails with the signal as its reason. */
  crash(): void;
  /** Kills the process and waits until it is gone. */
  stop(reason: string): Promise<void>;
}

const RUNTIME_CLIENT = fileURLToPath(new URL('./runtime-client.ts', import.meta.url));
/** Module that lends functions the AWS SDK, as `--import` takes it; the built-in client loads it by itself. */
export const runtimeSdk: string = new URL('./runtime-sdk.ts', import.meta.url).href;
/** The heap may have this share of the memory; the rest is for buffers and the program itself. */
const HEAP_SHARE = 0.9;

interface InFlight {
  readonly requestId: string;
  readonly startedAt: number;
  readonly finish: (result: InvocationResult) => void;
}

/**
 * Starts a process of a function and serves it the Runtime API.
 *
 * The process is killed at the deadline of an invocation, with SIGKILL, so that a handler that blocks ends too; the
 * deadline holds until the runtime client asks for its next invocation. It dies with this process.
 */
export async function startFunctionProcess(options: FunctionProcessOptions): Promise<FunctionProcess> {
  const initStartedAt = Date.now();
  let inFlight: InFlight | undefined;
  let endedBecause: string | undefined;
  let hasEnded = false;
  let cpu = 0;
  const initialised = Promise.withResolvers<InvocationResult | undefined>();
  let becomesFree = Promise.withResolvers<boolean>();
  let killer: NodeJS.Timeout | undefined;

  const api = await startRuntimeApi({
    functionArn: options.functionArn,
    events: {
      onNext() {
        clearTimeout(killer);
        initialised.resolve(undefined);
        becomesFree.resolve(true);
      },
      onResponse: (_, payload) => finish({ code: 'succeeded', payload, durationMs: 0 }),
      onError: (_, error) => finish(failure(error.errorType === TOO_LARGE ? 'payload' : 'handler', error)),
      onInitError: (error) => initialised.resolve(failure('init', error)),
    },
  });
  const child = await spawnRuntime(options, api.address).catch((error: unknown) => {
    api.close();
    throw error;
  });
  const { pid } = child;
  options.onStarted(pid);
  if (child.stdout) {
    splitLines(child.stdout, (line) => options.onLine('stdout', line));
  }
  if (child.stderr) {
    splitLines(child.stderr, (line) => options.onLine('stderr', line));
  }
  killAfter(options.initTimeoutSeconds * 1_000, 'init timeout');
  void child.exited.then(onExit);

  function onExit(exit: GuardedExit): void {
    hasEnded = true;
    clearTimeout(killer);
    api.close();
    const reason = endedBecause ?? describeExit(exit);
    if (endedBecause === 'init timeout') {
      initialised.resolve(failure('init', initTimeoutError(options.initTimeoutSeconds)));
    }
    initialised.resolve(failure('init', exitError(reason, undefined)));
    if (inFlight !== undefined) {
      finish(
        endedBecause === 'timeout'
          ? failure('timeout', timeoutError(options.timeoutSeconds, inFlight.requestId))
          : failure(endedBecause === undefined ? 'exit' : 'refused', exitError(reason, inFlight.requestId)),
      );
    }
    becomesFree.resolve(false);
    options.onExited(pid, reason);
  }

  function finish(result: InvocationResult): void {
    const done = inFlight;
    inFlight = undefined;
    cpu = readCpuSeconds(pid) ?? cpu;
    done?.finish({ ...result, durationMs: Date.now() - done.startedAt });
  }

  function killAfter(delayMs: number, reason: string): void {
    clearTimeout(killer);
    killer = setTimeout(() => kill(reason), delayMs);
    killer.unref();
  }

  function kill(reason: string): void {
    if (hasEnded) {
      return;
    }
    endedBecause ??= reason;
    cpu = readCpuSeconds(pid) ?? cpu;
    child.kill('SIGKILL');
  }

  function failure(cause: InvocationFailureCause, error: ReportedError): InvocationResult {
    return { code: 'failed', cause, ...error, durationMs: Date.now() - initStartedAt };
  }

  return {
    pid,
    initialised: initialised.promise,
    invoke(invocation) {
      return new Promise((resolve) => {
        if (hasEnded) {
          return resolve(failure('exit', exitError(endedBecause ?? 'exited', invocation.requestId)));
        }
        const startedAt = Date.now();
        inFlight = { requestId: invocation.requestId, startedAt, finish: resolve };
        becomesFree = Promise.withResolvers();
        killAfter(options.timeoutSeconds * 1_000, 'timeout');
        api.dispatch(invocation, startedAt + options.timeoutSeconds * 1_000, traceId(startedAt));
      });
    },
    free: () => becomesFree.promise,
    async cpuSeconds() {
      if (!hasEnded) {
        cpu = (await askCpuSeconds(pid)) ?? cpu;
      }
      return cpu;
    },
    crash() {
      if (!hasEnded) {
        child.kill('SIGKILL');
      }
    },
    async stop(reason) {
      kill(reason);
      await child.stop();
    },
  };
}

/** Says why an event cannot be handed to a function; `undefined` when it can. */
export function refusePayload(payload: string): ReportedError | undefined {
  // A UTF-8 text has at least as many bytes as UTF-16 units, and at most three times as many.
  if (payload.length * 3 <= PAYLOAD_BYTES_MAX || Buffer.byteLength(payload) <= PAYLOAD_BYTES_MAX) {
    return undefined;
  }
  const errorMessage = `Request must be smaller than ${PAYLOAD_BYTES_MAX} bytes for the Invoke operation`;
  return { errorType: 'RequestTooLargeException', errorMessage, stackTrace: [] };
}

function spawnRuntime(options: FunctionProcessOptions, address: string): Promise<GuardedProcess> {
  const [command, ...args] = options.runtimeClient ?? [
    process.execPath,
    heapLimit(options.memorySize),
    RUNTIME_CLIENT,
  ];
  if (command === undefined) {
    throw new Error('invariant: the command of a runtime client is empty');
  }
  return guardedSpawn({
    command,
    args,
    cwd: options.taskRoot,
    env: { ...options.environment, AWS_LAMBDA_RUNTIME_API: address },
    stdout: 'pipe',
    stderr: 'pipe',
  });
}

/** The argument of Node.js that keeps a function's heap within its memory, given in mebibytes. */
export function heapLimit(memorySize: number): string {
  return `--max-old-space-size=${Math.max(16, Math.floor(memorySize * HEAP_SHARE))}`;
}

/** A trace header that says "not sampled", as Lambda passes it when tracing is off. */
function traceId(now: number): string {
  const seconds = Math.floor(now / 1_000)
    .toString(16)
    .padStart(8, '0');
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}

function describeExit(exit: GuardedExit): string {
  return exit.signal === undefined ? `exit status ${exit.code ?? 0}` : `signal: ${exit.signal}`;
}

function exitError(reason: string, requestId: string | undefined): ReportedError {
  const prefix = requestId === undefined ? '' : `RequestId: ${requestId} `;
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `${prefix}Error: Runtime exited: ${reason}`,
    stackTrace: [],
  };
}

function timeoutError(seconds: number, requestId: string): ReportedError {
  const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`;
  return { errorType: 'Sandbox.Timedout', errorMessage, stackTrace: [] };
}

function initTimeoutError(seconds: number): ReportedError {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `Init timed out after ${seconds.toFixed(2)} seconds`,
    stackTrace: [],
  };
}
