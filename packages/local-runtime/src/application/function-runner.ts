import type { FunctionResource } from '@oncefold/sam-template';
import { createFunctionEnvironment, functionArn } from '../functions/function-environment.ts';
import { createFunctionPool, type FunctionPool } from '../functions/function-pool.ts';
import type { FunctionLayers } from '../functions/layers/layer-folders.ts';
import { createPackageInstaller } from '../functions/node/install-package.ts';
import { cacheDirectory } from '../functions/runtimes/cache-directory.ts';
import { createRuntimeCache } from '../functions/runtimes/runtime-cache.ts';
import type { RunApplicationOptions } from './running-application.ts';
import type { ApplicationEvent } from './runtime-event.ts';

export interface FunctionRunner {
  readonly arn: string;
  /** Invocations at a time at most. */
  readonly concurrency: number;
  readonly pool: FunctionPool;
  readonly directory: string;
  readonly layers: FunctionLayers | undefined;
}

/** Lambda gives an account 1,000; here each invocation is a process of this machine. */
const CONCURRENCY_MAX = 10;

/** Makes the pool of a function. */
export function createFunctionRunner(
  resource: FunctionResource,
  options: RunApplicationOptions,
  emit: (event: ApplicationEvent) => void,
  onBroken: (error: Error) => void,
): FunctionRunner {
  const { access, faults } = options;
  const { logicalId: functionId, timeoutSeconds, memorySize } = resource;
  const arn = functionArn(resource, access);
  const concurrency = resource.reservedConcurrency ?? CONCURRENCY_MAX;
  const { directory, layers, handler = resource.handler, program } = options.bundles(resource);
  const overrides = { ...options.environment?.(resource), ...program?.environment };
  const cache = createRuntimeCache({
    directory: options.cacheDirectory ?? cacheDirectory(process.env),
    onMessage: (message) => emit({ type: 'notice', functionId, message }),
    signal: options.signal,
  });
  const pool = createFunctionPool({
    functionId,
    functionArn: arn,
    environment: createFunctionEnvironment({
      resource,
      access,
      taskRoot: directory,
      handler,
      overrides,
      layers: layers?.directory,
      defaultEndpoint: options.defaultEndpoint?.(resource),
    }),
    taskRoot: directory,
    timeoutSeconds,
    memorySize,
    concurrencyMax: concurrency,
    onLine: (output, line) => emit({ type: 'log', functionId, output, line }),
    onStarted: (pid) => emit({ type: 'function-started', functionId, pid }),
    onExited: (pid, reason) => emit({ type: 'function-exited', functionId, pid, reason }),
    onBroken,
    runtimeClient: program?.command ?? options.runtimeClient?.(resource, directory),
    providePackage: createPackageInstaller(cache, resource.runtime),
    processEnvironment: (processKey) => faults?.processEnvironment(processKey) ?? {},
    onDispatch: (process, requestId) => faults?.dispatched(process, requestId),
  });
  return { arn, concurrency, pool, directory, layers };
}
