import type { FunctionResource } from '@oncefold/sam-template';
import { createFunctionEnvironment, functionArn } from './functions/function-environment.ts';
import { createFunctionPool, type FunctionPool } from './functions/function-pool.ts';
import type { RunningFunction, StartApplicationOptions } from './running-application.ts';
import type { RuntimeEvent } from './runtime-event.ts';

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
  /** Takes the events of the function's mappings. */
  count(event: RuntimeEvent): void;
}

/** Lambda gives an account 1,000; here each invocation is a process of this machine. */
const CONCURRENCY_MAX = 10;

/**
 * Makes the pool of a function and counts what becomes of its invocations.
 *
 * @param onBroken - called when the function cannot be initialised, once for each state of its code
 */
export function createFunctionRunner(
  resource: FunctionResource,
  options: StartApplicationOptions,
  emit: (event: RuntimeEvent) => void,
  onBroken: (error: Error) => void,
): FunctionRunner {
  const { access, faults } = options;
  const functionId = resource.logicalId;
  const arn = functionArn(resource, access);
  const concurrency = resource.reservedConcurrency ?? options.concurrencyMax ?? CONCURRENCY_MAX;
  const { directory, handler = resource.handler } = options.bundles(resource);
  const counts = { invocations: 0, failures: 0, records: 0 };
  const pool = createFunctionPool({
    functionId,
    functionArn: arn,
    environment: createFunctionEnvironment({
      resource,
      access,
      taskRoot: directory,
      handler,
      overrides: options.environment?.(resource) ?? {},
    }),
    taskRoot: directory,
    timeoutSeconds: resource.timeoutSeconds,
    memorySize: resource.memorySize,
    concurrencyMax: concurrency,
    onLine: (output, line) => emit({ type: 'log', functionId, output, line, at: Date.now() }),
    onStarted: (pid) => emit({ type: 'function-started', functionId, pid, at: Date.now() }),
    onExited: (pid, reason) => emit({ type: 'function-exited', functionId, pid, reason, at: Date.now() }),
    onBroken,
    runtimeClient: options.runtimeClient?.(resource),
    ...(faults === undefined
      ? {}
      : {
          processEnvironment: (processKey) => faults.processEnvironment(processKey),
          onDispatch: (process, requestId) => faults.dispatched(process, requestId),
        }),
  });
  const running: RunningFunction = {
    functionId,
    functionName: resource.functionName,
    get invocations() {
      return counts.invocations;
    },
    get failures() {
      return counts.failures;
    },
    get records() {
      return counts.records;
    },
    cpuSeconds: () => pool.cpuSeconds(),
  };
  const count = (event: RuntimeEvent): void => {
    if (event.type !== 'invocation-succeeded' && event.type !== 'invocation-failed') {
      return;
    }
    counts.invocations += 1;
    counts.records += event.records;
    if (event.type === 'invocation-failed') {
      counts.failures += 1;
    }
  };
  return { arn, concurrency, pool, running, directory, count };
}
