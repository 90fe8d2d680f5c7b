import { setTimeout as sleep } from 'node:timers/promises';
import { engineEndpoints } from '../functions/function-environment.ts';
import { functionNotices } from '../functions/function-notices.ts';
import { type BundleWatch, watchBundle } from '../functions/watch-bundle.ts';
import { asError } from '../streams/stream-source.ts';
import { createFunctionRunner, type FunctionRunner } from './function-runner.ts';
import { createMappingPollers, type MappingPollers } from './mapping-pollers.ts';
import type { RunApplicationOptions, RunningApplication } from './running-application.ts';
import type { ApplicationEvent } from './runtime-event.ts';

/** Invocations in flight may take so long to end when the application is stopped. */
const STOP_GRACE_MS = 5_000;
const IDLE_CHECK_MS = 25;

/**
 * Runs the functions of an application and feeds them from its streams, as Lambda does.
 *
 * Every function is initialized once before anything is read, so that one that cannot run is known at once. The
 * tables and streams must exist. It resolves when every mapping has fixed where it begins in every shard: what is written
 * afterwards is delivered, under LATEST too.
 *
 * @returns the running application; it runs until it is stopped, or until it fails
 * @throws {@link FunctionBrokenError} when a function cannot be initialized
 * @throws the failure of a mapping whose stream cannot be read
 * @throws the signal's reason when it is aborted before the application runs
 */
export async function runApplication(options: RunApplicationOptions): Promise<RunningApplication> {
  const { application, signal } = options;
  signal?.throwIfAborted();
  const failed = Promise.withResolvers<Error>();
  const watches: BundleWatch[] = [];
  let failure: Error | undefined;
  let stopping: Promise<void> | undefined;
  const emit = (event: ApplicationEvent): void => options.onEvent?.({ ...event, at: Date.now() });
  // What functions still wait for, such as an installation, ends with the application, also with one that failed to start.
  const ending = new AbortController();
  const functions = createFunctionRunners({ ...options, signal: ending.signal }, emit, fail);
  const pollers = createMappingPollers(options, { functions, emit, onFailed: fail });

  function fail(error: Error): void {
    if (failure !== undefined || stopping !== undefined) {
      return;
    }
    failure = error;
    emit({ type: 'application-failed', errorType: error.name, errorMessage: error.message });
    stop().then(
      () => failed.resolve(error),
      (stopError: unknown) => failed.resolve(new AggregateError([error, stopError], error.message)),
    );
  }

  function onAbort(): void {
    stop().catch((error: unknown) => failed.resolve(asError(error)));
  }

  function stop(): Promise<void> {
    signal?.removeEventListener('abort', onAbort);
    ending.abort();
    stopping ??= stopInOrder(watches, pollers, functions);
    return stopping;
  }

  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.all(
      [...functions.values()].map(({ pool, concurrency }) => (concurrency > 0 ? pool.warm() : undefined)),
    );
    signal?.throwIfAborted();
    if (options.watch === true) {
      watches.push(...watchFunctions(functions, emit, fail));
    }
    const mappings = application.mappings.filter(({ settings }) => settings.enabled);
    await Promise.all(mappings.map((mapping) => pollers.start(mapping)));
    signal?.throwIfAborted();
    if (failure !== undefined) {
      throw failure;
    }
  } catch (error) {
    await stop();
    // A process that was stopped while it started is a consequence, not the reason.
    signal?.throwIfAborted();
    throw error;
  }

  const isIdle = (sinceMs = 0): boolean => stopping === undefined && pollers.isIdle(sinceMs);
  return {
    functions: new Map([...functions].map(([id, { pool, arn }]) => [id, { ...pool, arn }])),
    isIdle,
    isAtRest: (sinceMs = 0) => stopping === undefined && pollers.isAtRest(sinceMs),
    hasOpenBatches: () => pollers.hasOpenBatches(),
    backlog: (functionId) => pollers.backlog(functionId),
    async whenIdle(waiting = {}) {
      const sinceMs = Date.now();
      while (!isIdle(sinceMs)) {
        if (failure !== undefined) {
          throw failure;
        }
        if (stopping !== undefined) {
          throw new Error('The application was stopped before it had become idle');
        }
        await sleep(IDLE_CHECK_MS, undefined, waiting);
      }
    },
    get isStopped() {
      return stopping !== undefined;
    },
    get failure() {
      return failure;
    },
    failed: failed.promise,
    stop,
  };
}

function createFunctionRunners(
  options: RunApplicationOptions,
  emit: (event: ApplicationEvent) => void,
  fail: (error: Error) => void,
): ReadonlyMap<string, FunctionRunner> {
  const told = new Set<string>();
  const here = { nodeVersion: process.versions.node, endpoints: engineEndpoints(options.access) };
  return new Map(
    options.application.functions.map((resource) => {
      const { logicalId: functionId } = resource;
      for (const message of functionNotices(resource, here)) {
        if (!told.has(message)) {
          told.add(message);
          emit({ type: 'notice', functionId, message });
        }
      }
      const onBroken = (error: Error): void => {
        if (options.watch === true) {
          // The next change of its code may mend it.
          emit({ type: 'function-broken', functionId, errorType: error.name, errorMessage: error.message });
        } else {
          fail(error);
        }
      };
      return [functionId, createFunctionRunner(resource, options, emit, onBroken)];
    }),
  );
}

function watchFunctions(
  functions: ReadonlyMap<string, FunctionRunner>,
  emit: (event: ApplicationEvent) => void,
  fail: (error: Error) => void,
): BundleWatch[] {
  const onError = (error: unknown): void => fail(asError(error));
  return [...functions].flatMap(([functionId, { directory, pool, layers }]) => {
    const reload = async (): Promise<void> => {
      emit({ type: 'function-reloaded', functionId });
      await pool.reload();
    };
    const reloadLayers = async (): Promise<void> => {
      await layers?.refresh();
      await reload();
    };
    return [
      watchBundle({ directory, onChange: () => void reload().catch(onError), onError }),
      ...(layers?.sources ?? []).map((source) =>
        watchBundle({
          directory: source,
          // The code of a layer lies in the folders in which dependencies do.
          withDependencies: true,
          onChange: () => void reloadLayers().catch(onError),
          onError,
        }),
      ),
    ];
  });
}

async function stopInOrder(
  watches: readonly BundleWatch[],
  pollers: MappingPollers,
  functions: ReadonlyMap<string, FunctionRunner>,
): Promise<void> {
  for (const watch of watches) {
    watch.close();
  }
  const grace = new AbortController();
  await Promise.race([pollers.stop(), sleep(STOP_GRACE_MS, undefined, { signal: grace.signal })]);
  grace.abort();
  await Promise.all([...functions.values()].map(({ pool }) => pool.stop()));
  pollers.destroy();
}
