import type { SQSClient } from '@aws-sdk/client-sqs';
import { createLocalSqs } from '@oncefold/engines';
import {
  isStreamMapping,
  type MappingResource,
  type QueueMapping,
  type StreamMapping,
} from '@oncefold/sam-template';
import type { EngineAccess } from '../deployment/engine-access.ts';
import { findDestinationQueue } from '../queues/find-destination-queue.ts';
import { startQueueMapping } from '../queues/start-queue-mapping.ts';
import type { Backlog } from '../streams/backlog.ts';
import { SECOND_POLLER_SUFFIX } from '../streams/delivery-faults.ts';
import type { InvokeFunctionOptions } from '../streams/invoke-function.ts';
import { type MappingDriver, startMappingDriver } from '../streams/mapping-driver.ts';
import type { MappingEvent } from '../streams/mapping-event.ts';
import { openSource } from '../streams/open-source.ts';
import type { PollingOptions } from '../streams/shard-pace.ts';
import type { FunctionRunner } from './function-runner.ts';
import { machineSettings } from './machine-settings.ts';
import { type Poller, PollerSet } from './poller-set.ts';
import type { RunApplicationOptions } from './running-application.ts';
import type { ApplicationEvent } from './runtime-event.ts';

export interface MappingPollers {
  /**
   * Starts to feed a function from a stream or queue; of a stream, with two pollers asked for, the second follows by itself.
   *
   * @returns resolves as {@link MappingDriver.positioned} does
   */
  start(mapping: MappingResource): Promise<void>;
  /** Whether all streams were read to their end, all queues are empty, and nothing is open. */
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

/** How often the streams are read. */
export const POLLING: { readonly kinesis: PollingOptions; readonly dynamodb: PollingOptions } = {
  kinesis: { busyMs: 100, idleMs: 250 },
  dynamodb: { busyMs: 100, idleMs: 250 },
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
  const { access, deployment, faults } = options;
  const { functions, emit, onFailed } = context;
  const opened: { close(): void }[] = [];
  const pollers = new PollerSet();
  let isStopped = false;

  /** @param first - the first poller of the mapping, when this is to be the second. */
  function startStream(mapping: StreamMapping, first?: MappingDriver): MappingDriver {
    const { logicalId, functionLogicalId: functionId, source } = mapping;
    const target = runnerOf(mapping, functions);
    const polling = POLLING[source.kind];
    const { stream, arn: sourceArn, requests } = openSource(mapping, options);
    const queueClient = openQueueClient(access, opened);
    opened.push(requests);
    const mappingId = first === undefined ? logicalId : `${logicalId}${SECOND_POLLER_SUFFIX}`;
    let successes = 0;
    const driver = startMappingDriver({
      mappingId,
      functionId,
      settings: machineSettings({
        mapping,
        sourceArn,
        functionArn: invokedArn(mapping, target),
        access,
        polling,
        hasLateRetries: faults?.hasLateRetries === true,
      }),
      source: stream,
      polling,
      checkpoints: first?.checkpoints(),
      faults,
      random: Math.random,
      findQueue: (arn) => findDestinationQueue(arn, deployment, queueClient),
      onEvent(event) {
        note(event);
        if (event.type !== 'invocation-succeeded') {
          return;
        }
        successes += 1;
        // Before this success is noted: the second poller begins with the batch that the first has just done.
        const isFollowed = faults?.hasTwoPollers === true && first === undefined;
        if (isFollowed && successes === SUCCESSES_UNTIL_SECOND && !isStopped) {
          startStream(mapping, driver);
        }
      },
      invoke: invokerOf(mapping, target, options),
      onFailed,
    });
    pollers.add(functionId, driver);
    return driver;
  }

  function startQueue(mapping: QueueMapping): Poller {
    const client = openQueueClient(access, opened);
    const target = runnerOf(mapping, functions);
    const driver = startQueueMapping(mapping, options, {
      client,
      functionConcurrency: target.concurrency,
      invoke: invokerOf(mapping, target, options),
      onEvent: note,
      onFailed,
    });
    pollers.add(mapping.functionLogicalId, driver);
    return driver;
  }

  function note(event: MappingEvent): void {
    pollers.note(event);
    emit(event);
  }

  return {
    start: (mapping) => (isStreamMapping(mapping) ? startStream(mapping) : startQueue(mapping)).positioned,
    isIdle: (readAfterMs) => pollers.isIdle(readAfterMs),
    isAtRest: (readAfterMs) => pollers.isAtRest(readAfterMs),
    hasOpenBatches: () => pollers.hasOpenBatches(),
    backlog: (functionId) => pollers.backlog(functionId),
    async stop() {
      isStopped = true;
      await pollers.stop();
    },
    destroy() {
      for (const each of opened) {
        each.close();
      }
    },
  };
}

function runnerOf(
  { logicalId, functionLogicalId }: MappingResource,
  functions: ReadonlyMap<string, FunctionRunner>,
): FunctionRunner {
  const runner = functions.get(functionLogicalId);
  if (runner === undefined) {
    throw new Error(`${logicalId} names a function that does not exist`);
  }
  return runner;
}

function invokerOf(
  mapping: MappingResource,
  target: FunctionRunner,
  { onCall }: RunApplicationOptions,
): InvokeFunctionOptions['invoke'] {
  const invokedFunctionArn = invokedArn(mapping, target);
  return async (invocation) => {
    const result = await target.pool.invoke({ ...invocation, invokedFunctionArn });
    onCall?.({ ...invocation, result });
    return result;
  };
}

function invokedArn({ functionQualifier }: MappingResource, { arn }: FunctionRunner): string {
  return functionQualifier === undefined ? arn : `${arn}:${functionQualifier}`;
}

/** A mapping's requests to queues share no connection and no middleware with those of others. */
function openQueueClient(
  { sqs, region, credentials }: EngineAccess,
  opened: { close(): void }[],
): SQSClient | undefined {
  if (sqs === undefined) {
    return undefined;
  }
  // The mapping's machine sees each failure and backs off itself.
  const client = createLocalSqs({ endpoint: sqs, region, credentials, maxAttempts: 1 });
  opened.push({ close: () => client.destroy() });
  return client;
}
