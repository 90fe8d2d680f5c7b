import { setTimeout as sleep } from 'node:timers/promises';
import { createMessageFilter } from '@oncefold/event-source-mapping';
import type { QueueMappingSettings } from '@oncefold/sam-template';
import { PAYLOAD_BYTES_MAX } from '../functions/invocation.ts';
import { BatchGatherer, type MessageBatch } from './batch-gatherer.ts';
import type { QueueApi } from './queue-api.ts';
import { type QueueMessage, toQueueMessage } from './queue-event.ts';

export interface BatchReceiverOptions {
  readonly queue: QueueApi;
  readonly queueArn: string;
  readonly region: string;
  readonly settings: QueueMappingSettings;
}

export interface BatchReceiver {
  /** Messages that wait for their batch. */
  readonly waiting: number;
  /** When the first of them was received; undefined without any. */
  readonly firstReceivedAtMs: number | undefined;
  /** Whether the last request found less than it asked for. */
  readonly isReadToEnd: boolean;
  /**
   * Asks the queue once, deletes what the filters drop, and returns the batches that are complete then: often none.
   *
   * @param signal - ends the request; messages that wait for their batch are left to their visibility timeout
   */
  receive(signal: AbortSignal): Promise<readonly MessageBatch[]>;
}

/** Messages of one receive request, the service's limit. */
const RECEIVE_MAX = 10;
const LONG_POLL_SECONDS = 20;
/** While a batch is gathered, the queue is asked so often. A long poll could not be ended with the window. */
const GATHERING_POLL_MS = 100;
/** What the event has around its records. */
const EVENT_BYTES = 32;

/** Receives messages of a queue and makes batches of them, as the mapping's settings say. */
export function createBatchReceiver({
  queue,
  queueArn: arn,
  region,
  settings,
}: BatchReceiverOptions): BatchReceiver {
  const passes = createMessageFilter(settings.filterCriteria?.filters ?? []);
  const gatherer = new BatchGatherer({
    batchSize: settings.batchSize,
    windowMs: settings.maximumBatchingWindowInSeconds * 1_000,
    bytesMax: PAYLOAD_BYTES_MAX - EVENT_BYTES,
  });
  let isReadToEnd = false;

  async function dropFiltered(messages: readonly QueueMessage[]): Promise<readonly QueueMessage[]> {
    const filtered = messages.filter(({ record }) => passes?.(record) === false);
    await queue.delete(filtered.map(({ receiptHandle }) => receiptHandle));
    return messages.filter((message) => !filtered.includes(message));
  }

  return {
    get waiting() {
      return gatherer.size;
    },
    get firstReceivedAtMs() {
      return gatherer.firstReceivedAtMs;
    },
    get isReadToEnd() {
      return isReadToEnd;
    },
    async receive(signal) {
      const due = gatherer.takeDue(Date.now());
      if (due.length > 0) {
        return due;
      }
      const { dueAtMs } = gatherer;
      const limit = Math.min(RECEIVE_MAX, settings.batchSize - gatherer.size);
      const waitSeconds = dueAtMs === undefined ? LONG_POLL_SECONDS : 0;
      const found = await queue.receive({ limit, waitSeconds, signal });
      const receivedAtMs = Date.now();
      isReadToEnd = found.length < limit;
      if (found.length === 0 && dueAtMs !== undefined) {
        await sleep(Math.max(0, Math.min(GATHERING_POLL_MS, dueAtMs - receivedAtMs)), undefined, { signal });
      }
      const messages = found.map((message) => toQueueMessage(message, { arn, region }));
      const full = gatherer.add(await dropFiltered(messages), receivedAtMs);
      return [...full, ...gatherer.takeDue(Date.now())];
    },
  };
}
