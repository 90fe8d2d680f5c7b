import { setTimeout as sleep } from 'node:timers/promises';
import { createLocalClients, type LocalClients } from '@oncefold/engines';
import type { MappingSettings } from '@oncefold/event-source-mapping';
import { createFunctionEnvironment, createFunctionPool, functionArn } from './functions/index.ts';
import type {
  EngineAccess,
  PollingOptions,
  RunningApplication,
  RunningFunction,
  StartApplicationOptions,
} from './running-application.ts';
import type { RuntimeEvent } from './runtime-event.ts';
import {
  createDynamoDbSource,
  createKinesisSource,
  type MappingDriver,
  type StreamSource,
  startMappingDriver,
} from './streams/index.ts';
import type { FunctionResource, MappingResource } from './template/index.ts';

/** A stream record may become visible only some time after the write that it tells of. */
const SETTLE_MS = 300;
/** Invocations in flight may take so long to end when the application is stopped. */
const STOP_GRACE_MS = 5_000;
const IDLE_CHECK_MS = 25;
/** A tumbling window whose stream has gone quiet ends after so long; Lambda takes up to two minutes. */
const WINDOW_QUIET_MS = 1_000;
const CONCURRENCY_MAX = 10;
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
      createRunningFunction(resource, options, emit, fail),
    ]),
  );

  function fail(error: Error): void {
    if (hasFailed !== undefined || stopping !== undefined) return;
    hasFailed = error;
    emit({ type: 'application-failed', errorType: error.name, errorMessage: error.message, at: Date.now() });
    void stop().finally(() => failed.resolve(error));
  }

  function stop(): Promise<void> {
    stopping ??= stopInOrder();
    return stopping;
  }

  async function stopInOrder(): Promise<void> {
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

  try {
    await Promise.all(
      [...functions.values()].map(({ pool, concurrency }) => (concurrency > 0 ? pool.warm() : undefined)),
    );
    options.signal?.throwIfAborted();
    for (const mapping of application.mappings) {
      if (!mapping.settings.enabled) continue;
      const target = functions.get(mapping.functionLogicalId);
      if (target === undefined) throw new Error(`${mapping.logicalId} names a function that does not exist`);
      const polling = { ...POLLING[mapping.source.kind], ...options.polling?.[mapping.source.kind] };
      const mappingClients = createClients(access);
      clients.push(mappingClients);
      const { source, arn } = openSource(mapping, options, mappingClients);
      drivers.push(
        startMappingDriver({
          mappingId: mapping.logicalId,
          functionId: mapping.functionLogicalId,
          settings: settingsOf(mapping, arn, target.arn, access, polling),
          source,
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
        }),
      );
    }
  } catch (error) {
    await stop();
    throw error;
  }
  options.signal?.addEventListener('abort', () => void stop(), { once: true });

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

function createRunningFunction(
  resource: FunctionResource,
  options: StartApplicationOptions,
  emit: (event: RuntimeEvent) => void,
  onBroken: (error: Error) => void,
) {
  const { access } = options;
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
    if (event.type !== 'invocation-succeeded' && event.type !== 'invocation-failed') return;
    counts.invocations += 1;
    counts.records += event.records;
    if (event.type === 'invocation-failed') counts.failures += 1;
  };
  return { arn, concurrency, pool, running, count };
}

function openSource(
  { logicalId, source }: MappingResource,
  { deployment, access }: StartApplicationOptions,
  clients: LocalClients,
): { source: StreamSource; arn: string } {
  if (source.kind === 'kinesis') {
    const stream = deployment.streams.get(source.logicalId);
    if (stream === undefined) throw new Error(`${logicalId} reads a stream that was not deployed`);
    const { streamName, streamArn } = stream;
    return {
      source: createKinesisSource({ client: clients.kinesis, streamName }),
      arn: asAwsArn(streamArn, access),
    };
  }
  const streamArn = deployment.tables.get(source.logicalId)?.streamArn;
  if (streamArn === undefined) throw new Error(`${logicalId} reads a table that has no stream`);
  return {
    source: createDynamoDbSource({ client: clients.dynamodbStreams, streamArn }),
    arn: asAwsArn(streamArn, access),
  };
}

/** Local engines put a region and an account of their own into ARNs; functions see those that they run in. */
function asAwsArn(arn: string, access: EngineAccess): string {
  const [prefix = 'arn', partition = 'aws', service = '', , , ...resource] = arn.split(':');
  return [prefix, partition, service, access.region, access.accountId, ...resource].join(':');
}

function settingsOf(
  { source, settings }: MappingResource,
  arn: string,
  target: string,
  access: EngineAccess,
  polling: PollingOptions,
): MappingSettings {
  const { enabled: _, ...lambdaSettings } = settings;
  return {
    ...lambdaSettings,
    functionArn: target,
    source: {
      kind: source.kind,
      arn,
      region: access.region,
      invokeIdentityArn: `arn:aws:iam::${access.accountId}:role/local`,
    },
    behaviour: { pollIntervalMs: polling.busyMs, windowQuietMs: WINDOW_QUIET_MS },
  };
}
