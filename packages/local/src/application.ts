import { setTimeout as sleep } from 'node:timers/promises';
import { createLocalClients, type LocalClients } from '@oncefold/engines';
import type { DeliverCommand } from '@oncefold/event-source-mapping';
import { SECOND_POLLER } from './fault-injection/fault-injector.ts';
import { createFunctionRunner, type FunctionRunner } from './function-runner.ts';
import { type BundleWatch, watchBundle } from './functions/index.ts';
import { openSource, settingsOf } from './open-source.ts';
import type {
  EngineAccess,
  PollingOptions,
  RunningApplication,
  StartApplicationOptions,
} from './running-application.ts';
import type { RuntimeEvent } from './runtime-event.ts';
import { asError, type MappingDriver, startMappingDriver } from './streams/index.ts';
import type { MappingResource } from './template/index.ts';

/** A stream record may become visible only some time after the write that it tells of. */
const SETTLE_MS = 300;
/** Invocations in flight may take so long to end when the application is stopped. */
const STOP_GRACE_MS = 5_000;
const IDLE_CHECK_MS = 25;
/** Batches per shard that are kept where they may come again late. */
const REMEMBERED_BATCHES_MAX = 20;
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
  const { application, access, faults } = options;
  const failed = Promise.withResolvers<Error>();
  const clients: LocalClients[] = [];
  const drivers: MappingDriver[] = [];
  const watches: BundleWatch[] = [];
  let lastActivityAtMs = 0;
  let hasFailed: Error | undefined;
  let stopping: Promise<void> | undefined;
  const emit = (event: RuntimeEvent): void => options.onEvent?.(event);

  const functions = new Map(
    application.functions.map((resource) => [
      resource.logicalId,
      createFunctionRunner(resource, options, emit, (error) => broken(resource.logicalId, error)),
    ]),
  );

  function startMapping(mapping: MappingResource, beside?: MappingDriver): void {
    const { logicalId, functionLogicalId, source } = mapping;
    const target = functions.get(functionLogicalId);
    if (target === undefined) throw new Error(`${logicalId} names a function that does not exist`);
    const polling = { ...POLLING[source.kind], ...options.polling?.[source.kind] };
    const mappingClients = createClients(access);
    clients.push(mappingClients);
    const { stream, arn } = openSource(mapping, options, mappingClients);
    const mappingId = beside === undefined ? logicalId : `${logicalId}${SECOND_POLLER}`;
    const rememberedBatchesMax = faults?.hasLateRetries === true ? REMEMBERED_BATCHES_MAX : 0;
    let successesUntilSecond = faults?.hasTwoPollers === true && beside === undefined ? 2 : Infinity;
    const driver = startMappingDriver({
      mappingId,
      functionId: functionLogicalId,
      settings: settingsOf(mapping, arn, target.arn, access, polling, rememberedBatchesMax),
      source: stream,
      polling,
      checkpoints: beside?.checkpoints(),
      faults,
      random: options.random ?? Math.random,
      deliver: (document) => deliver(document, mappingId, functionLogicalId),
      onEvent(event) {
        target.count(event);
        if (event.type === 'invocation-succeeded' || event.type === 'invocation-failed')
          lastActivityAtMs = event.at;
        emit(event);
        if (event.type !== 'invocation-succeeded') return;
        successesUntilSecond -= 1;
        // Before this success is noted: the second poller begins with the batch that the first has just done.
        if (successesUntilSecond === 0 && stopping === undefined) startMapping(mapping, driver);
      },
      invoke: (invocation) => target.pool.invoke(invocation),
      onFailed: fail,
    });
    drivers.push(driver);
  }

  async function deliver(document: DeliverCommand, mappingId: string, functionId: string): Promise<void> {
    await options.deliver?.(document);
    const { destination, body, objectKey } = document;
    emit({
      type: 'destination-document',
      mappingId,
      functionId,
      destination,
      document: body,
      ...(objectKey === undefined ? {} : { objectKey }),
      at: Date.now(),
    });
  }

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
    for (const watching of watches) watching.close();
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
    if (options.watch === true) for (const [id, runner] of functions) watch(id, runner);
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
    hasOpenBatches: () => drivers.some(hasOpenBatches),
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

function hasOpenBatches(driver: MappingDriver): boolean {
  return driver
    .stats()
    .shards.some(
      (shard) =>
        shard.bufferedRecords + shard.batchesWaiting + shard.invocationsInFlight + shard.deliveriesInFlight >
        0,
    );
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
