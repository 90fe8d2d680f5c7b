import { createLocalClients, type LocalClients } from '@oncefold/engines';
import type { StreamMapping } from '@oncefold/sam-template';
import type { EngineAccess } from '../deployment/engine-access.ts';
import { addBacklogs, type Backlog } from '../streams/backlog.ts';
import { SECOND_POLLER_SUFFIX } from '../streams/delivery-faults.ts';
import { type MappingDriver, startMappingDriver } from '../streams/mapping-driver.ts';
import { openSource } from '../streams/open-source.ts';
import type { PollingOptions } from '../streams/shard-pace.ts';
import type { FunctionRunner } from './function-runner.ts';
import { machineSettings } from './machine-settings.ts';
import type { RunApplicationOptions } from './running-application.ts';
import type { ApplicationEvent } from './runtime-event.ts';

export interface MappingPollers {
  /**
   * Starts to feed a function from a stream; with two pollers asked for, the second follows by itself.
   *
   * @returns resolves as {@link MappingDriver.positioned} does
   */
  start(mapping: StreamMapping): Promise<void>;
  /** Whether all streams were read to their end and nothing is open. */
  isIdle(readAfterMs: number): boolean;
  /** The same, except that tumbling windows may be open. */
  isAtRest(readAfterMs: number): boolean;
  hasOpenBatches(): boolean;
  /** What all pollers of a function have not done. */
  backlog(functionId: string): Backlog;
  /** Stops reading; resolves when no invocation is in flight any more. */
  stop(): Promise<void>;
  destroy(): void;
}

/** A stream record may become visible only some time after the write that it describes. */
const VISIBILITY_DELAY_MS = 300;
const POLLING: { readonly kinesis: PollingOptions; readonly dynamodb: PollingOptions } = {
  kinesis: { busyMs: 50, idleMs: 250 },
  dynamodb: { busyMs: 30, idleMs: 250 },
};
/** A second poller starts when the first has finished so many batches. */
const SUCCESSES_UNTIL_SECOND = 2;

/** Makes the pollers of an application; none runs yet. */
export function createMappingPollers(
  options: RunApplicationOptions,
  context: {
    readonly functions: ReadonlyMap<string, FunctionRunner>;
    readonly emit: (event: ApplicationEvent) => void;
    readonly onFailed: (error: Error) => void;
  },
): MappingPollers {
  const { access, faults } = options;
  const { functions, emit, onFailed } = context;
  const clients: LocalClients[] = [];
  const drivers: MappingDriver[] = [];
  const driversOf = new Map<string, MappingDriver[]>();
  let lastActivityAtMs = 0;
  let isStopped = false;

  /** @param first - the first poller of the mapping, when this is to be the second. */
  function start(mapping: StreamMapping, first?: MappingDriver): MappingDriver {
    const { logicalId, functionLogicalId: functionId, source } = mapping;
    const target = runnerOf(mapping, functions);
    const { functionQualifier } = mapping;
    const functionArn = functionQualifier === undefined ? target.arn : `${target.arn}:${functionQualifier}`;
    const polling = POLLING[source.kind];
    const ownClients = createClients(access);
    clients.push(ownClients);
    const { stream, arn: sourceArn } = openSource(mapping, options, ownClients);
    const mappingId = first === undefined ? logicalId : `${logicalId}${SECOND_POLLER_SUFFIX}`;
    let successes = 0;
    const driver = startMappingDriver({
      mappingId,
      functionId,
      settings: machineSettings({
        mapping,
        sourceArn,
        functionArn,
        access,
        polling,
        hasLateRetries: faults?.hasLateRetries === true,
      }),
      source: stream,
      polling,
      checkpoints: first?.checkpoints(),
      faults,
      random: Math.random,
      onEvent(event) {
        if (event.type === 'invocation-succeeded' || event.type === 'invocation-failed') {
          lastActivityAtMs = Date.now();
        }
        emit(event);
        if (event.type !== 'invocation-succeeded') {
          return;
        }
        successes += 1;
        // Before this success is noted: the second poller begins with the batch that the first has just done.
        const isFollowed = faults?.hasTwoPollers === true && first === undefined;
        if (isFollowed && successes === SUCCESSES_UNTIL_SECOND && !isStopped) {
          start(mapping, driver);
        }
      },
      async invoke(invocation) {
        const result = await target.pool.invoke({ ...invocation, invokedFunctionArn: functionArn });
        options.onCall?.({ ...invocation, result });
        return result;
      },
      onFailed,
    });
    drivers.push(driver);
    driversOf.set(functionId, [...(driversOf.get(functionId) ?? []), driver]);
    return driver;
  }

  /** A read that begins later sees everything that was written before, and by functions. */
  function visibleAfter(readAfterMs: number): number {
    return Math.max(readAfterMs, lastActivityAtMs) + VISIBILITY_DELAY_MS;
  }

  return {
    start: (mapping) => start(mapping).positioned,
    isIdle: (readAfterMs) => drivers.every((driver) => driver.isIdle(visibleAfter(readAfterMs))),
    isAtRest: (readAfterMs) => drivers.every((driver) => driver.isAtRest(visibleAfter(readAfterMs))),
    hasOpenBatches: () => drivers.some((driver) => driver.hasOpenBatches()),
    backlog: (functionId) => addBacklogs((driversOf.get(functionId) ?? []).map((driver) => driver.backlog())),
    async stop() {
      isStopped = true;
      await Promise.all(drivers.map((driver) => driver.stop()));
    },
    destroy() {
      for (const client of clients.flatMap((each) => Object.values(each))) {
        client.destroy();
      }
    },
  };
}

function runnerOf(
  { logicalId, functionLogicalId }: StreamMapping,
  functions: ReadonlyMap<string, FunctionRunner>,
): FunctionRunner {
  const runner = functions.get(functionLogicalId);
  if (runner === undefined) {
    throw new Error(`${logicalId} names a function that does not exist`);
  }
  return runner;
}

/** A mapping's requests share no connection and no middleware with those of others. */
function createClients({ dynamodb, kinesis, region, credentials }: EngineAccess): LocalClients {
  return createLocalClients({
    dynamodbEndpoint: dynamodb,
    kinesisEndpoint: kinesis,
    region,
    credentials,
    // The mapping's machine sees each failure and backs off itself.
    maxAttempts: 1,
  });
}
