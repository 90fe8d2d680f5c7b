import type { MessageBatch } from './batch-gatherer.ts';
import type { QueueMessage } from './queue-event.ts';

/**
 * Keeps the order of message groups between batches: what was received together may be cut into several batches, and the queue
 * withholds later messages of a group only from later requests.
 *
 * Batches that share a group run one after the other. After a message of a group was not processed, those of the group that had been
 * received by then are not delivered; they are redelivered after their visibility timeout.
 */
export class FifoOrder {
  readonly #visibilityTimeoutMs: number;
  /** End of the last batch of each group. */
  readonly #ends = new Map<string, Promise<void>>();
  readonly #failedAtMs = new Map<string, number>();

  constructor(options: { readonly visibilityTimeoutMs: number }) {
    this.#visibilityTimeoutMs = options.visibilityTimeoutMs;
  }

  /** Notes messages that were not processed, before the queue may give them out again. */
  noteFailed(messages: readonly QueueMessage[]): void {
    const nowMs = performance.now();
    for (const [group, failedAtMs] of this.#failedAtMs) {
      // Nothing that was received before is delivered any more.
      if (nowMs - failedAtMs >= this.#visibilityTimeoutMs) {
        this.#failedAtMs.delete(group);
      }
    }
    for (const message of messages) {
      this.#failedAtMs.set(groupOf(message), nowMs);
    }
  }

  /** Delivers in its turn what may be delivered of a batch; nothing when that is none of it. */
  async inTurn(batch: MessageBatch, deliver: (batch: MessageBatch) => Promise<void>): Promise<void> {
    const groups = new Set(batch.messages.map(groupOf));
    const before = [...groups].map((group) => this.#ends.get(group));
    const end = Promise.withResolvers<void>();
    for (const group of groups) {
      this.#ends.set(group, end.promise);
    }
    try {
      await Promise.all(before);
      const messages = batch.messages.filter((message) => this.#mayDeliver(message));
      if (messages.length > 0) {
        await deliver({ ...batch, messages });
      }
    } catch (error) {
      this.noteFailed(batch.messages);
      throw error;
    } finally {
      for (const group of groups) {
        if (this.#ends.get(group) === end.promise) {
          this.#ends.delete(group);
        }
      }
      end.resolve();
    }
  }

  #mayDeliver(message: QueueMessage): boolean {
    const { receivedAtMs } = message;
    return (
      receivedAtMs > (this.#failedAtMs.get(groupOf(message)) ?? -Infinity) &&
      performance.now() - receivedAtMs < this.#visibilityTimeoutMs
    );
  }
}

function groupOf({ record }: QueueMessage): string {
  return record.attributes['MessageGroupId'] ?? '';
}
