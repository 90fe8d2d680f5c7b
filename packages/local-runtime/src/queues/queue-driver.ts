import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueMappingSettings } from '@oncefold/sam-template';
import type { Backlog } from '../streams/backlog.ts';
import type { InvokeFunctionOptions } from '../streams/invoke-function.ts';
import { asError } from '../streams/stream-source.ts';
import type { MessageBatch } from './batch-gatherer.ts';
import { type BatchReceiverOptions, createBatchReceiver } from './batch-receiver.ts';
import { deliverBatch } from './deliver-batch.ts';
import { FifoOrder } from './fifo-order.ts';
import { QueueLook } from './queue-look.ts';
import { retryQueue } from './retry-queue.ts';
import { RunningBatches } from './running-batches.ts';

export interface QueueDriverOptions extends BatchReceiverOptions, InvokeFunctionOptions {
  readonly settings: QueueMappingSettings;
  readonly queueName: string;
  readonly isFifo: boolean;
  /** Batches for which the function is throttled are left to the queue after so long. */
  readonly visibilityTimeoutMs: number;
  /** Invocations of the function at a time. */
  readonly functionConcurrency: number;
  /** Called once, when the queue cannot be used any more. */
  readonly onFailed: (error: Error) => void;
}

export interface QueueDriver {
  /** Resolved: a queue is read from its beginning. */
  readonly positioned: Promise<void>;
  /**
   * Says whether the queue is empty, with nothing visible, in flight or delayed, and nothing of it is being processed.
   *
   * @param sinceMs - only if the queue was looked at after this time, milliseconds since the epoch
   */
  isIdle(sinceMs: number): boolean;
  /**
   * When the queue was first seen empty after it had been seen with messages, in milliseconds since the epoch; 0 before.
   *
   * Until then it may have moved a message to its dead-letter queue, which nothing else reports.
   */
  drainedAtMs(): number;
  /** The same: a queue has no windows. */
  isAtRest(sinceMs: number): boolean;
  /** Whether messages are gathered to a batch, in flight to the function, or about to be redelivered. */
  hasOpenBatches(): boolean;
  backlog(): Backlog;
  /** Stops receiving; resolves when no invocation is in flight any more. */
  stop(): Promise<void>;
}

/**
 * Feeds a function from a queue as Lambda does: long polling, batches by size and window, filtered messages deleted, messages of a
 * successful invocation deleted, all others left to their visibility timeout.
 *
 * It is no state machine beside that of streams: the queue has the state (what is in flight, how often it was received, which groups
 * wait, what goes to a dead-letter queue). What is left to decide is which messages make a batch and which of them failed.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export function startQueueDriver(options: QueueDriverOptions): QueueDriver {
  const { settings, functionConcurrency, mappingId, queueName, isFifo, onEvent } = options;
  const queue = retryQueue(options.queue, {
    onRetry(request, { name: errorType, message: errorMessage }) {
      onEvent({ type: 'queue-request-retried', mappingId, queueName, request, errorType, errorMessage });
    },
  });
  const stopping = new AbortController();
  const { signal } = stopping;
  const fail = createFail(stopping, options.onFailed);
  const receiver = createBatchReceiver({ ...options, queue });
  const batches = new RunningBatches({
    concurrency: Math.max(1, Math.min(settings.maximumConcurrency ?? Infinity, functionConcurrency)),
    onFailed: fail,
  });
  const look = new QueueLook({ queue, onFailed: (thrown) => signal.aborted || fail(thrown) });
  const order = isFifo ? new FifoOrder(options) : undefined;
  const redelivered = new Set<string>();

  const deliver = (batch: MessageBatch): Promise<void> =>
    deliverBatch(batch, {
      ...options,
      queue,
      redelivered,
      signal,
      onUnprocessed: (messages) => order?.noteFailed(messages),
      later(late, delayMs, work) {
        // A copy: the batch itself may still be open.
        batches.follow({ ...late }, sleep(delayMs, undefined, { signal }).then(work));
      },
    });

  async function poll(): Promise<void> {
    while (!signal.aborted) {
      for (const batch of await receiver.receive(signal)) {
        await batches.untilFree();
        batches.process(batch, order?.inTurn(batch, deliver) ?? deliver(batch));
      }
      await batches.untilFree();
    }
  }

  const hasOpenBatches = (): boolean => batches.open.length > 0 || receiver.waiting > 0;
  const isIdle = (sinceMs: number): boolean => !signal.aborted && !hasOpenBatches() && look.isEmpty(sinceMs);
  const polling = poll().catch(fail);
  return {
    positioned: Promise.resolve(),
    isIdle,
    drainedAtMs: () => look.drainedAtMs,
    isAtRest: isIdle,
    hasOpenBatches,
    backlog: () => backlogOf(batches.open, receiver),
    async stop() {
      stopping.abort();
      await polling;
      await batches.untilEnded();
    },
  };
}

/** Reports the first failure, also one while the driver stops: a message that was processed and not deleted is redelivered. */
function createFail(
  stopping: AbortController,
  onFailed: QueueDriverOptions['onFailed'],
): (thrown: unknown) => void {
  let hasFailed = false;
  return (thrown) => {
    const error = asError(thrown);
    const isStopped = stopping.signal.aborted && error.name === 'AbortError';
    if (!isStopped && !hasFailed) {
      hasFailed = true;
      stopping.abort();
      onFailed(error);
    }
  };
}

function backlogOf(
  open: readonly MessageBatch[],
  { waiting, firstReceivedAtMs, isReadToEnd }: ReturnType<typeof createBatchReceiver>,
): Backlog {
  const times = [...open.map((batch) => batch.firstReceivedAtMs), firstReceivedAtMs ?? Infinity];
  const oldest = Math.min(...times);
  return {
    records: open.reduce((sum, { messages }) => sum + messages.length, waiting),
    oldestReadAt: oldest === Infinity ? undefined : oldest,
    isReadToEnd,
  };
}
