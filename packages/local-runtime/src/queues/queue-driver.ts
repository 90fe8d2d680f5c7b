import { setTimeout as sleep } from 'node:timers/promises';
import type { Backlog } from '../streams/backlog.ts';
import type { InvokeFunctionOptions } from '../streams/invoke-function.ts';
import { asError } from '../streams/stream-source.ts';
import type { MessageBatch } from './batch-gatherer.ts';
import { type BatchReceiverOptions, createBatchReceiver } from './batch-receiver.ts';
import { deliverBatch } from './deliver-batch.ts';

export interface QueueDriverOptions extends BatchReceiverOptions, InvokeFunctionOptions {
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
  const { queue, settings, functionConcurrency } = options;
  const concurrency = Math.max(1, Math.min(settings.maximumConcurrency ?? Infinity, functionConcurrency));
  const receiver = createBatchReceiver(options);
  const stopping = new AbortController();
  const { signal } = stopping;
  const open = new Set<MessageBatch>();
  const redelivered = new Set<string>();
  let running = 0;
  let ended = Promise.withResolvers<void>();
  let emptyAtMs = 0;
  let drainedAtMs = 0;
  let isFull = false;
  let isLooking = false;

  async function poll(): Promise<void> {
    while (!signal.aborted) {
      for (const batch of await receiver.receive(signal)) {
        await untilFree();
        process(batch);
      }
      await untilFree();
    }
  }

  async function untilFree(): Promise<void> {
    while (running >= concurrency) {
      await ended.promise;
    }
  }

  function process(batch: MessageBatch): void {
    running += 1;
    const delivered = deliverBatch(batch, { ...options, redelivered, signal, later });
    follow(
      batch,
      delivered.finally(() => {
        running -= 1;
      }),
    );
  }

  /** Processes a copy of a batch some time later, beside whatever runs then. */
  function later(batch: MessageBatch, delayMs: number, work: () => Promise<void>): void {
    follow({ ...batch }, sleep(delayMs, undefined, { signal }).then(work));
  }

  function follow(batch: MessageBatch, work: Promise<void>): void {
    open.add(batch);
    work.catch(fail).finally(() => {
      open.delete(batch);
      ended.resolve();
      ended = Promise.withResolvers();
    });
  }

  function fail(thrown: unknown): void {
    if (!signal.aborted) {
      stopping.abort();
      options.onFailed(asError(thrown));
    }
  }

  /** Looks whether the queue is empty; the answer holds from the time of the question on. */
  async function look(): Promise<void> {
    const askedAtMs = Date.now();
    const wasFull = isFull;
    isFull = (await queue.count()) > 0;
    if (!isFull) {
      emptyAtMs = askedAtMs;
      drainedAtMs = wasFull ? Date.now() : drainedAtMs;
    }
    isLooking = false;
  }

  const hasOpenBatches = (): boolean => open.size > 0 || receiver.waiting > 0;

  function isIdle(sinceMs: number): boolean {
    if (signal.aborted || hasOpenBatches()) {
      return false;
    }
    // Only who asks makes requests: an application at rest has none but its long polls.
    if (emptyAtMs <= sinceMs && !isLooking) {
      isLooking = true;
      look().catch(fail);
    }
    return emptyAtMs > sinceMs;
  }

  const polling = poll().catch(fail);
  return {
    positioned: Promise.resolve(),
    isIdle,
    drainedAtMs: () => drainedAtMs,
    isAtRest: isIdle,
    hasOpenBatches,
    backlog: () => backlogOf([...open], receiver),
    async stop() {
      stopping.abort();
      await polling;
      while (open.size > 0) {
        await ended.promise;
      }
    },
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
