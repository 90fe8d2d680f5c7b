import { setTimeout as sleep } from 'node:timers/promises';
import { createLocalClients, type LocalClients } from '@oncefold/engines';
import { createFunctionRunner } from './function-runner.ts';
import { openSource, settingsOf } from './open-source.ts';
import type {
  EngineAccess,
  PollingOptions,
  RunningApplication,
  StartApplicationOptions,
} from './running-application.ts';
import type { RuntimeEvent } from './runtime-event.ts';
import { type MappingDriver, startMappingDriver } from './streams/index.ts';
import type { MappingResource } from './template/index.ts';

/** A stream record may become visible only some time after the write that it tells of. */
const SETTLE_MS = 300;
/** Invocations in flight may take so long to end when the application is stopped. */
const STOP_GRACE_MS = 5_000;
const IDLE_CHECK_MS = 25;
const POLLING: { readonly kinesis: PollingOptions; readonly dynamodb: PollingOptions } = {
  kinesis: { busyMs: 50, idleMs: 250 },
  dynamodb: { busyMs: 30, idleMs: 250 },
};

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
  const { application, access } = options;
  const failed = Promise.withResolvers<Error>();
  const clients: LocalClients[] = [];
  const drivers: MappingDriver[] = [];
  let lastActivityAtMs = 0;
  let hasFailed: Error | undefined;
  let stopping: Promise<void> | undefined;
  const emit = (event: RuntimeEvent): void => options.onEvent?.(event);

  const functions = new Map(
    application.functions.map((resource) => [
      resource.logicalId,
      createFunctionRunner(resource, options, emit, fail),
    ]),
  );

  function startMapping(mapping: MappingResource): void {
    const { logicalId, functionLogicalId, source } = mapping;
    const target = functions.get(functionLogicalId);
    if (target === undefined) throw new Error(`${logicalId} names a function that does not exist`);
    const polling = { ...POLLING[source.kind], ...options.polling?.[source.kind] };
    const mappingClients = createClients(access);
    clients.push(mappingClients);
    const { stream, arn } = openSource(mapping, options, mappingClients);
    const driver = startMappingDriver({
      mappingId: logicalId,
      functionId: functionLogicalId,
      settings: settingsOf(mapping, arn, target.arn, access, polling),
      source: stream,
      polling,
      random: options.random ?? Math.random,
      ...(options.deliver === undefined ? {} : { deliver: options.deliver }),
      onEvent(event) {
        target.count(event);
        if (event.type === 'invocation-succeeded' || event.type === 'invocation-failed')
          lastActivityAtMs = event.at;
        emit(event);
      },
      invoke: (invocation) => target.pool.invoke(invocation),
      onFailed: fail,
    });
    drivers.push(driver);
  }

  function fail(error: Error): void {
    if (hasFailed !== undefined || stopping !== undefined) return;
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
    const isDrained = Promise.all(drivers.map((driver) => driver.stop()));
    const grace = new AbortController();
    await Promise.race([isDrained, sleep(STOP_GRACE_MS, undefined, { signal: grace.signal })]);
    grace.abort();
    await Promise.all([...functions.values()].map(({ pool }) => pool.stop()));
    for (const { dynamodb, dynamodbStreams, kinesis } of clients) {
      dynamodb.destroy();
      dynamodbStreams.destroy();
      kinesis.destroy();
    }
  }

  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.all(
      [...functions.values()].map(({ pool, concurrency }) => (concurrency > 0 ? pool.warm() : undefined)),
    );
    options.signal?.throwIfAborted();
    for (const mapping of application.mappings) if (mapping.settings.enabled) startMapping(mapping);
  } catch (error) {
    await stop();
    // A process that was stopped while it started is a consequence, not the reason.
    options.signal?.throwIfAborted();
    throw error;
  }

  const isIdle = (sinceMs = 0): boolean => {
    const readAfterMs = Math.max(sinceMs, lastActivityAtMs) + SETTLE_MS;
    return stopping === undefined && drivers.every((driver) => driver.isIdle(readAfterMs));
  };

  return {
    functions: new Map([...functions].map(([id, { running }]) => [id, running])),
    isIdle,
    async whenIdle({ signal } = {}) {
      const sinceMs = Date.now();
      while (!isIdle(sinceMs)) {
        if (hasFailed !== undefined) throw hasFailed;
        if (stopping !== undefined) throw new Error('The application was stopped before it had become idle');
        await sleep(IDLE_CHECK_MS, undefined, signal === undefined ? {} : { signal });
      }
    },
    failed: failed.promise,
    stop,
  };
}

/** Clients of a mapping's own: its requests share no connection and no middleware with others. */
function createClients(access: EngineAccess): LocalClients {
  return createLocalClients({
    dynamodbEndpoint: access.dynamodb,
    kinesisEndpoint: access.kinesis,
    credentials: access.credentials,
    // The mapping's machine sees each failure and backs off itself.
    maxAttempts: 1,
  });
}
