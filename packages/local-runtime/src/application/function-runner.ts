import type { FunctionResource } from '@oncefold/sam-template';
import { createFunctionEnvironment, functionArn } from '../functions/function-environment.ts';
import { createFunctionPool, type FunctionPool } from '../functions/function-pool.ts';
import type { MappingEvent } from '../streams/mapping-event.ts';
import type { RunningFunction, StartApplicationOptions } from './running-application.ts';
import type { ApplicationEvent } from './runtime-event.ts';

/** A function of a running application, as the application handles it. */
export interface FunctionRunner {
  readonly arn: string;
  /** Invocations at a time at most. */
  readonly concurrency: number;
  readonly pool: FunctionPool;
  /** What is shown to the outside. */
  readonly running: RunningFunction;
  /** Absolute folder of its code. */
  readonly directory: string;
  count(event: InvocationEnded): void;
}

type InvocationEnded = Extract<MappingEvent, { type: 'invocation-succeeded' | 'invocation-failed' }>;

/** Lambda gives an account 1,000; here each invocation is a process of this machine. */
const CONCURRENCY_MAX = 10;

/**
 * Makes the pool of a function and counts its invocations.
 *
 * @param onBroken - called when the function cannot be initialised, once for each state of its code
 */
export function createFunctionRunner(
  resource: FunctionResource,
  options: StartApplicationOptions,
  emit: (event: ApplicationEvent) => void,
  onBroken: (error: Error) => void,
): FunctionRunner {
  const { access, faults } = options;
  const { logicalId: functionId, functionName, timeoutSeconds, memorySize } = resource;
  const arn = functionArn(resource, access);
  const concurrency = resource.reservedConcurrency ?? options.concurrencyMax ?? CONCURRENCY_MAX;
  const { directory, handler = resource.handler } = options.bundles(resource);
  const overrides = options.environment?.(resource) ?? {};
  const pool = createFunctionPool({
    functionId,
    functionArn: arn,
    environment: createFunctionEnvironment({ resource, access, taskRoot: directory, handler, overrides }),
    taskRoot: directory,
    timeoutSeconds,
    memorySize,
    concurrencyMax: concurrency,
    onLine: (output, line) => emit({ type: 'log', functionId, output, line }),
    onStarted: (pid) => emit({ type: 'function-started', functionId, pid }),
    onExited: (pid, reason) => emit({ type: 'function-exited', functionId, pid, reason }),
    onBroken,
    runtimeClient: options.runtimeClient?.(resource),
    processEnvironment: (processKey) => faults?.processEnvironment(processKey) ?? {},
    onDispatch: (process, requestId) => faults?.dispatched(process, requestId),
  });
  const running = {
    functionId,
    functionName,
    invocations: 0,
    failures: 0,
    records: 0,
    cpuSeconds: () => pool.cpuSeconds(),
  };
  function count(event: InvocationEnded): void {
    running.invocations += 1;
    running.records += event.records;
    running.failures += event.type === 'invocation-failed' ? 1 : 0;
  }
  return { arn, concurrency, pool, running, directory, count };
}
