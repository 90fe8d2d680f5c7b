import { randomBytes } from 'node:crypto';
import { createDeadline } from './deadline.ts';
import type {
  Invocation,
  InvocationFailure,
  InvocationFailureCause,
  InvocationResult,
  ReportedError,
} from './invocation.ts';
import { startRuntimeApi, TOO_LARGE } from './runtime-api.ts';
import { type RuntimeProgramOptions, startRuntimeProgram } from './runtime-program.ts';

export interface FunctionProcessOptions extends RuntimeProgramOptions {
  readonly functionArn: string;
  readonly timeoutSeconds: number;
  /** Longest time until the runtime client asks for its first invocation, seconds. */
  readonly initTimeoutSeconds: number;
  /** Gives the folder in whose `node_modules` a package is that Lambda's runtime brings; nothing is given by default. */
  readonly providePackage?: (name: string) => Promise<string>;
  readonly onExited: (pid: number, reason: string) => void;
}

export interface FunctionProcess {
  readonly pid: number;
  /** Resolves when the process can take an invocation, or with why it never will. */
  readonly initialized: Promise<InvocationFailure | undefined>;
  /** Takes one invocation; call it only when the process is free. Never rejects. */
  invoke(invocation: Invocation): Promise<InvocationResult>;
  /** Resolves when the process can take another invocation: `false` when it has ended instead. */
  free(): Promise<boolean>;
  cpuSeconds(): Promise<number>;
  /** Kills the process as something outside would: an invocation that it has fails with the signal as its reason. */
  crash(): void;
  stop(reason: string): Promise<void>;
}

interface InFlight {
  readonly requestId: string;
  readonly startedAt: number;
  readonly resolve: (result: InvocationResult) => void;
}

/**
 * Starts a process of a function and serves it the Runtime API.
 *
 * The process is killed at the deadline of an invocation, with SIGKILL, so that a handler that blocks ends too; the
 * deadline holds until the runtime client asks for its next invocation. It dies with this process.
 */
export async function startFunctionProcess(options: FunctionProcessOptions): Promise<FunctionProcess> {
  const initStartedAt = Date.now();
  const initialized = Promise.withResolvers<InvocationFailure | undefined>();
  let becomesFree = Promise.withResolvers<boolean>();
  let inFlight: InFlight | undefined;
  const deadline = createDeadline((reason) => program.kill(reason));
  const { providePackage = isNotProvided } = options;

  const api = await startRuntimeApi(options.functionArn, {
    onNext() {
      deadline.cancel();
      initialized.resolve(undefined);
      becomesFree.resolve(true);
    },
    onResponse: (payload) => finish({ code: 'succeeded', payload, durationMs: 0 }),
    onError: (error) => finish(failure(error.errorType === TOO_LARGE ? 'payload' : 'handler', error)),
    onInitError: (error) => initialized.resolve(failure('init', error)),
    // Lambda has what is installed here: the time that it takes is not the function's.
    onPackage: (name) => deadline.pauseDuring(() => providePackage(name)),
  });
  const program = await startRuntimeProgram(options, api.address).catch((error: unknown) => {
    api.close();
    throw error;
  });
  deadline.set(options.initTimeoutSeconds, 'init timeout');
  void program.exited.then(onExit);

  function onExit(reason: string): void {
    deadline.cancel();
    api.close();
    const isInitTimeout = program.killedBecause === 'init timeout';
    initialized.resolve(
      failure('init', isInitTimeout ? initTimeoutError(options.initTimeoutSeconds) : exitError(reason)),
    );
    if (inFlight !== undefined) {
      finish(exitFailure(reason, inFlight.requestId));
    }
    becomesFree.resolve(false);
    options.onExited(program.pid, reason);
  }

  function exitFailure(reason: string, requestId: string): InvocationFailure {
    const { killedBecause } = program;
    if (killedBecause === 'timeout') {
      return failure('timeout', timeoutError(options.timeoutSeconds, requestId));
    }
    return failure(killedBecause === undefined ? 'exit' : 'refused', exitError(reason, requestId));
  }

  function finish(result: InvocationResult): void {
    const done = inFlight;
    inFlight = undefined;
    program.noteCpuSeconds();
    done?.resolve({ ...result, durationMs: Date.now() - done.startedAt });
  }

  function failure(cause: InvocationFailureCause, error: ReportedError): InvocationFailure {
    return { code: 'failed', cause, ...error, durationMs: Date.now() - initStartedAt };
  }

  return {
    pid: program.pid,
    cpuSeconds: () => program.cpuSeconds(),
    crash: () => program.crash(),
    stop: (reason) => program.stop(reason),
    initialized: initialized.promise,
    async invoke(invocation) {
      const { requestId } = invocation;
      if (program.hasEnded) {
        return failure('exit', exitError(program.killedBecause ?? 'exited', requestId));
      }
      const startedAt = Date.now();
      const { promise, resolve } = Promise.withResolvers<InvocationResult>();
      inFlight = { requestId, startedAt, resolve };
      becomesFree = Promise.withResolvers();
      deadline.set(options.timeoutSeconds, 'timeout');
      api.dispatch(invocation, startedAt + options.timeoutSeconds * 1_000, traceId(startedAt));
      return promise;
    },
    free: () => becomesFree.promise,
  };
}

async function isNotProvided(name: string): Promise<never> {
  throw new Error(`Cannot find package '${name}'`);
}

/** A trace header that says "not sampled", as Lambda passes it when tracing is off. */
function traceId(now: number): string {
  const seconds = Math.floor(now / 1_000)
    .toString(16)
    .padStart(8, '0');
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}

function exitError(reason: string, requestId?: string): ReportedError {
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
  const errorMessage = `Init timed out after ${seconds.toFixed(2)} seconds`;
  return { errorType: 'Sandbox.Timedout', errorMessage, stackTrace: [] };
}
