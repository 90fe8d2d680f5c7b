import type { QueueMessage } from './queue-event.ts';

export interface BatchLimits {
  /** Messages. */
  readonly batchSize: number;
  /** Longest time to gather a batch, from its first message on. */
  readonly windowMs: number;
  /** Bytes of all event records together. */
  readonly bytesMax: number;
}

/** Messages that were received together or within one batching window. */
export interface MessageBatch {
  readonly messages: readonly QueueMessage[];
  readonly firstReceivedAtMs: number;
}

/**
 * Gathers messages to batches: a batch is full when it has the batch size, when its window is over, or when the next message would
 * make its event too large.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching
 */
export class BatchGatherer {
  readonly #limits: BatchLimits;
  #messages: QueueMessage[] = [];
  #bytes = 0;
  #firstReceivedAtMs = 0;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#messages.length;
  }

  /** When the window of the messages here is over; undefined without messages. */
  get dueAtMs(): number | undefined {
    return this.#messages.length === 0 ? undefined : this.#firstReceivedAtMs + this.#limits.windowMs;
  }

  /** When the oldest message here was received; undefined without messages. */
  get firstReceivedAtMs(): number | undefined {
    return this.#messages.length === 0 ? undefined : this.#firstReceivedAtMs;
  }

  /** Adds messages in their order, and returns the batches that are full with them. */
  add(messages: readonly QueueMessage[], receivedAtMs: number): MessageBatch[] {
    const full: MessageBatch[] = [];
    for (const message of messages) {
      if (this.#bytes + message.bytes > this.#limits.bytesMax) {
        full.push(...this.#take());
      }
      if (this.#messages.length === 0) {
        this.#firstReceivedAtMs = receivedAtMs;
      }
      this.#messages.push(message);
      this.#bytes += message.bytes;
      if (this.#messages.length >= this.#limits.batchSize) {
        full.push(...this.#take());
      }
    }
    return full;
  }

  /** The batch whose window is over, if there is one. */
  takeDue(nowMs: number): MessageBatch[] {
    return this.dueAtMs !== undefined && this.dueAtMs <= nowMs ? this.#take() : [];
  }

  #take(): MessageBatch[] {
    const batch = { messages: this.#messages, firstReceivedAtMs: this.#firstReceivedAtMs };
    this.#messages = [];
    this.#bytes = 0;
    return batch.messages.length === 0 ? [] : [batch];
  }
}
