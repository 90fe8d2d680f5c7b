import { setTimeout as sleep } from 'node:timers/promises';
import { createFunctionRunner, type FunctionRunner } from './function-runner.ts';
import { type BundleWatch, watchBundle } from './functions/watch-bundle.ts';
import type { RunningApplication, StartApplicationOptions } from './running-application.ts';
import type { RuntimeEvent } from './runtime-event.ts';
import { createMappingPollers } from './streams/mapping-pollers.ts';
import { asError } from './streams/stream-source.ts';

/** Invocations in flight may take so long to end when the application is stopped. */
const STOP_GRACE_MS = 5_000;
const IDLE_CHECK_MS = 25;

/**
 * Runs the functions of an application and feeds them from its streams, as Lambda does.
 *
 * Every function is initialised once before anything is read, so that one that cannot run is known at once. The
 * tables and streams must exist.
 *
 * @returns the running application; it runs until it is stopped, or until it fails
 * @throws FunctionBrokenError when a function cannot be initialised
 * @throws the signal's reason when it is aborted before the application runs
 */
export async function startApplication(options: StartApplicationOptions): Promise<RunningApplication> {
  options.signal?.throwIfAborted();
  const { application } = options;
  const failed = Promise.withResolvers<Error>();
  const watches: BundleWatch[] = [];
  let hasFailed: Error | undefined;
  let stopping: Promise<void> | undefined;
  const emit = (event: RuntimeEvent): void => options.onEvent?.(event);

  const functions = new Map(
    application.functions.map((resource) => [
      resource.logicalId,
      createFunctionRunner(resource, options, emit, (error) => broken(resource.logicalId, error)),
    ]),
  );

  const pollers = createMappingPollers(options, { functions, emit, onFailed: fail });

  /** While its code is watched, a function that is broken may be mended. */
  function broken(functionId: string, error: Error): void {
    if (options.watch !== true) {
      fail(error);
      return;
    }
    emit({
      type: 'function-broken',
      functionId,
      errorType: error.name,
      errorMessage: error.message,
      at: Date.now(),
    });
  }

  function watch(functionId: string, { directory, pool }: FunctionRunner): void {
    const watching = watchBundle({
      directory,
      onChange() {
        emit({ type: 'function-reloaded', functionId, at: Date.now() });
        pool.reload().catch((error: unknown) => fail(asError(error)));
      },
      onError: (error) => fail(asError(error)),
    });
    watches.push(watching);
  }

  function fail(error: Error): void {
    if (hasFailed !== undefined || stopping !== undefined) {
      return;
    }
    hasFailed = error;
    emit({ type: 'application-failed', errorType: error.name, errorMessage: error.message, at: Date.now() });
    stop().then(
      () => failed.resolve(error),
      (stopError: unknown) => failed.resolve(new AggregateError([error, stopError], error.message)),
    );
  }

  function onAbort(): void {
    stop().catch((error: unknown) =>
      failed.resolve(error instanceof Error ? error : new Error(String(error))),
    );
  }

  function stop(): Promise<void> {
    stopping ??= stopInOrder();
    return stopping;
  }

  async function stopInOrder(): Promise<void> {
    options.signal?.removeEventListener('abort', onAbort);
    for (const watching of watches) {
      watching.close();
    }
    const isDrained = pollers.stop();
    const grace = new AbortController();
    await Promise.race([isDrained, sleep(STOP_GRACE_MS, undefined, { signal: grace.signal })]);
    grace.abort();
    await Promise.all([...functions.values()].map(({ pool }) => pool.stop()));
    pollers.destroy();
  }

  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.all(
      [...functions.values()].map(({ pool, concurrency }) => (concurrency > 0 ? pool.warm() : undefined)),
    );
    options.signal?.throwIfAborted();
    if (options.watch === true) {
      for (const [id, runner] of functions) {
        watch(id, runner);
      }
    }
    for (const mapping of application.mappings) {
      if (mapping.settings.enabled) {
        pollers.start(mapping);
      }
    }
  } catch (error) {
    await stop();
    // A process that was stopped while it started is a consequence, not the reason.
    options.signal?.throwIfAborted();
    throw error;
  }

  const isIdle = (sinceMs = 0): boolean => stopping === undefined && pollers.isIdle(sinceMs);

  return {
    functions: new Map([...functions].map(([id, { running }]) => [id, running])),
    isIdle,
    hasOpenBatches: () => pollers.hasOpenBatches(),
    async whenIdle({ signal } = {}) {
      const sinceMs = Date.now();
      while (!isIdle(sinceMs)) {
        if (hasFailed !== undefined) {
          throw hasFailed;
        }
        if (stopping !== undefined) {
          throw new Error('The application was stopped before it had become idle');
        }
        await sleep(IDLE_CHECK_MS, undefined, signal === undefined ? {} : { signal });
      }
    },
    failed: failed.promise,
    stop,
  };
}
