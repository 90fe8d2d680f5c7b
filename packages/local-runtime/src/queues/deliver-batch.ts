import { setTimeout as sleep } from 'node:timers/promises';
import type { InvocationOutcome } from '@oncefold/event-source-mapping';
import { type InvokeFunctionOptions, invokeFunction } from '../streams/invoke-function.ts';
import type { MessageBatch } from './batch-gatherer.ts';
import { readFailedMessages } from './failed-messages.ts';
import type { QueueApi } from './queue-api.ts';
import { eventOf, type QueueMessage } from './queue-event.ts';

export interface DeliverBatchOptions extends InvokeFunctionOptions {
  readonly queue: QueueApi;
  readonly queueName: string;
  readonly isFifo: boolean;
  readonly visibilityTimeoutMs: number;
  readonly settings: { readonly functionResponseTypes: readonly 'ReportBatchItemFailures'[] };
  /** Ids of messages that are redelivered on purpose: no further fault is injected into their batches. */
  readonly redelivered: Set<string>;
  readonly signal: AbortSignal;
  /** Called with messages that are not done, before the queue may give them out again. */
  readonly onUnprocessed: (messages: readonly QueueMessage[]) => void;
  /** Does the work after so many milliseconds, beside whatever runs then. */
  readonly later: (batch: MessageBatch, delayMs: number, work: () => Promise<void>) => void;
}

type Ended = Exclude<InvocationOutcome, { code: 'throttled' }>;

/** Between two attempts to invoke a function that is throttled. */
const BACKOFF_MS = { first: 100, max: 5_000 };

/**
 * Invokes the function with a batch, and deletes the messages that it has processed.
 *
 * What failed stays in flight until its visibility timeout is over: the queue redelivers it, or moves it to its dead-letter queue. A batch
 * for which the function is throttled is tried again until then.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export async function deliverBatch(batch: MessageBatch, options: DeliverBatchOptions): Promise<void> {
  const { queue, isFifo, redelivered, later, onUnprocessed } = options;
  const { messages } = batch;
  const isRedelivery = messages.some(({ id }) => redelivered.has(id));
  const ended = await untilInvoked(batch, isRedelivery, options);
  if (ended === undefined) {
    onUnprocessed(messages);
    return;
  }
  const { outcome, lateRetryAfterMs } = ended;
  if (outcome.isRegrouped === true || outcome.code === 'failed') {
    onUnprocessed(messages);
  }
  if (outcome.isRegrouped === true) {
    // Nobody notes how it ended: the messages are redelivered with whatever else is there.
    for (const { id } of messages) {
      redelivered.add(id);
    }
    await queue.makeVisible(messages.map(({ receiptHandle }) => receiptHandle));
    return;
  }
  if (outcome.code === 'failed') {
    return;
  }
  if (outcome.isRedelivered === true) {
    await invokeOnce(messages, true, options);
  }
  const processed = processedOf(messages, outcome, options);
  onUnprocessed(messages.filter((message) => !processed.includes(message)));
  await queue.delete(processed.map(({ receiptHandle }) => receiptHandle));
  for (const { id } of processed) {
    redelivered.delete(id);
  }
  // A FIFO queue gives out nothing that has been deleted.
  if (lateRetryAfterMs !== undefined && !isFifo) {
    later(batch, lateRetryAfterMs, async () => {
      await invokeOnce(messages, true, options);
    });
  }
}

/** @returns nothing when the function was throttled until the visibility timeout, or the mapping was stopped */
async function untilInvoked(
  { messages, firstReceivedAtMs }: MessageBatch,
  isRedelivery: boolean,
  options: DeliverBatchOptions,
): Promise<{ readonly outcome: Ended; readonly lateRetryAfterMs: number | undefined } | undefined> {
  const deadlineMs = firstReceivedAtMs + options.visibilityTimeoutMs;
  for (let waitMs = BACKOFF_MS.first; ; waitMs = Math.min(2 * waitMs, BACKOFF_MS.max)) {
    const { outcome, lateRetryAfterMs } = await invokeOnce(messages, isRedelivery, options);
    if (outcome.code !== 'throttled') {
      return { outcome, lateRetryAfterMs };
    }
    if (options.signal.aborted || Date.now() + waitMs >= deadlineMs) {
      return undefined;
    }
    await sleep(waitMs, undefined, { signal: options.signal });
  }
}

async function invokeOnce(
  messages: readonly QueueMessage[],
  isRedelivery: boolean,
  options: DeliverBatchOptions,
): Promise<{ readonly outcome: InvocationOutcome; readonly lateRetryAfterMs: number | undefined }> {
  const payload = eventOf(messages);
  const inputs = await invokeFunction(
    {
      type: 'invoke',
      invocationId: 0,
      // A queue has no shards.
      shardId: options.queueName,
      lane: 0,
      payload,
      payloadBytes: Buffer.byteLength(payload),
      recordCount: messages.length,
      startSequenceNumber: messages.at(0)?.id ?? '',
      endSequenceNumber: messages.at(-1)?.id ?? '',
      retryAttempt: Math.max(...messages.map(({ receiveCount }) => receiveCount)) - 1,
      isRedelivery,
    },
    {
      ...options,
      whyAnswerFails: (_, answer) =>
        isReportingFailures(options) ? readFailedMessages(answer, idsOf(messages)).why : undefined,
    },
  );
  const ended = inputs.find((input) => input.type === 'invocation-ended');
  const late = inputs.find((input) => input.type === 'redeliver');
  if (ended === undefined) {
    throw new Error(`${options.mappingId} has an invocation without an end`);
  }
  return { outcome: ended.outcome, lateRetryAfterMs: late?.delayMs };
}

function processedOf(
  messages: readonly QueueMessage[],
  outcome: Extract<InvocationOutcome, { code: 'succeeded' }>,
  options: DeliverBatchOptions,
): readonly QueueMessage[] {
  if (!isReportingFailures(options)) {
    return messages;
  }
  const { failed } = readFailedMessages(outcome.responseText ?? '', idsOf(messages));
  return messages.filter(({ id }) => !failed.has(id));
}

function isReportingFailures({ settings }: DeliverBatchOptions): boolean {
  return settings.functionResponseTypes.includes('ReportBatchItemFailures');
}

function idsOf(messages: readonly QueueMessage[]): readonly string[] {
  return messages.map(({ id }) => id);
}
