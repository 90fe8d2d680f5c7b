import { createLocalClients, type LocalClients } from '@oncefold/engines';
import type { DeliverCommand } from '@oncefold/event-source-mapping';
import type { MappingResource } from '@oncefold/sam-template';
import { SECOND_POLLER } from '../faults/fault-injector.ts';
import type { FunctionRunner } from '../function-runner.ts';
import type { EngineAccess, PollingOptions, StartApplicationOptions } from '../running-application.ts';
import type { RuntimeEvent } from '../runtime-event.ts';
import { type MappingDriver, startMappingDriver } from './mapping-driver.ts';
import { openSource, settingsOf } from './open-source.ts';

/** All pollers of an application. */
export interface MappingPollers {
  /** Starts to feed a function from a stream; with two pollers asked for, the second follows by itself. */
  start(mapping: MappingResource): void;
  /**
   * Whether all streams were read to their end and nothing is open.
   *
   * @param readAfterMs - only shards that were read to their end after this time count, and after the last invocation
   */
  isIdle(readAfterMs: number): boolean;
  /** Whether a batch is known that is not done with. */
  hasOpenBatches(): boolean;
  /** Stops reading; resolves when no invocation is in flight any more. */
  stop(): Promise<void>;
  /** Ends all connections. */
  destroy(): void;
}

/** A stream record may become visible only some time after the write that it tells of. */
const SETTLE_MS = 300;
const POLLING: { readonly kinesis: PollingOptions; readonly dynamodb: PollingOptions } = {
  kinesis: { busyMs: 50, idleMs: 250 },
  dynamodb: { busyMs: 30, idleMs: 250 },
};
/** Batches per shard that are kept where they may come again late. */
const REMEMBERED_BATCHES_MAX = 20;
/** A second poller starts when the first has finished so many batches. */
const SUCCESSES_UNTIL_SECOND = 2;

/**
 * Makes the pollers of an application; none runs yet.
 *
 * @param context.functions - by logical id
 * @param context.onFailed - called when a mapping cannot go on
 */
export function createMappingPollers(
  options: StartApplicationOptions,
  context: {
    readonly functions: ReadonlyMap<string, FunctionRunner>;
    readonly emit: (event: RuntimeEvent) => void;
    readonly onFailed: (error: Error) => void;
  },
): MappingPollers {
  const { access, faults } = options;
  const { functions, emit, onFailed } = context;
  const clients: LocalClients[] = [];
  const drivers: MappingDriver[] = [];
  let lastActivityAtMs = 0;
  let isStopped = false;

  /** @param beside - the first poller of the mapping, when this is to be the second. */
  function start(mapping: MappingResource, beside?: MappingDriver): void {
    const { logicalId, functionLogicalId, source } = mapping;
    const target = functions.get(functionLogicalId);
    if (target === undefined) {
      throw new Error(`${logicalId} names a function that does not exist`);
    }
    const polling = { ...POLLING[source.kind], ...options.polling?.[source.kind] };
    const ownClients = createClients(access);
    clients.push(ownClients);
    const { stream, arn } = openSource(mapping, options, ownClients);
    const mappingId = beside === undefined ? logicalId : `${logicalId}${SECOND_POLLER}`;
    const isFollowed = faults?.hasTwoPollers === true && beside === undefined;
    const rememberedBatchesMax = faults?.hasLateRetries === true ? REMEMBERED_BATCHES_MAX : 0;
    let successes = 0;
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
        if (event.type === 'invocation-succeeded' || event.type === 'invocation-failed') {
          lastActivityAtMs = event.at;
        }
        emit(event);
        if (!isFollowed || event.type !== 'invocation-succeeded') {
          return;
        }
        successes += 1;
        // Before this success is noted: the second poller begins with the batch that the first has just done.
        if (successes === SUCCESSES_UNTIL_SECOND && !isStopped) {
          start(mapping, driver);
        }
      },
      invoke: (invocation) => target.pool.invoke(invocation),
      onFailed,
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

  return {
    start: (mapping) => start(mapping),
    isIdle(readAfterMs) {
      const sinceMs = Math.max(readAfterMs, lastActivityAtMs) + SETTLE_MS;
      return drivers.every((driver) => driver.isIdle(sinceMs));
    },
    hasOpenBatches: () => drivers.some(hasOpenBatches),
    async stop() {
      isStopped = true;
      await Promise.all(drivers.map((driver) => driver.stop()));
    },
    destroy() {
      for (const { dynamodb, dynamodbStreams, kinesis } of clients) {
        dynamodb.destroy();
        dynamodbStreams.destroy();
        kinesis.destroy();
      }
    },
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
