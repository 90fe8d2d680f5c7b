import type { QueueApi } from './queue-api.ts';

/** Looks whether a queue is empty, when somebody asks: an application at rest makes no requests but its long polls. */
export class QueueLook {
  readonly #queue: QueueApi;
  readonly #onFailed: (thrown: unknown) => void;
  #emptyAtMs = 0;
  #drainedAtMs = 0;
  #isFull = false;
  #isLooking = false;

  constructor(options: { readonly queue: QueueApi; readonly onFailed: (thrown: unknown) => void }) {
    this.#queue = options.queue;
    this.#onFailed = options.onFailed;
  }

  get drainedAtMs(): number {
    return this.#drainedAtMs;
  }

  /** Whether the queue was seen empty after this time; looks anew if not. */
  isEmpty(sinceMs: number): boolean {
    if (this.#emptyAtMs <= sinceMs && !this.#isLooking) {
      this.#isLooking = true;
      this.#look().catch(this.#onFailed);
    }
    return this.#emptyAtMs > sinceMs;
  }

  /** The answer holds from the time of the question on. */
  async #look(): Promise<void> {
    const askedAtMs = Date.now();
    const wasFull = this.#isFull;
    this.#isFull = (await this.#queue.count()) > 0;
    if (!this.#isFull) {
      this.#emptyAtMs = askedAtMs;
      this.#drainedAtMs = wasFull ? Date.now() : this.#drainedAtMs;
    }
    this.#isLooking = false;
  }
}
