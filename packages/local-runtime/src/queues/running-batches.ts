import type { MessageBatch } from './batch-gatherer.ts';

/** Batches that are processed or about to be redelivered, and how many of them take an invocation at a time. */
export class RunningBatches {
  readonly #concurrency: number;
  readonly #onFailed: (thrown: unknown) => void;
  readonly #open = new Set<MessageBatch>();
  #running = 0;
  #ended = Promise.withResolvers<void>();

  constructor(options: { readonly concurrency: number; readonly onFailed: (thrown: unknown) => void }) {
    this.#concurrency = options.concurrency;
    this.#onFailed = options.onFailed;
  }

  get open(): readonly MessageBatch[] {
    return [...this.#open];
  }

  /** Resolves when one more batch may be processed. */
  async untilFree(): Promise<void> {
    while (this.#running >= this.#concurrency) {
      await this.#ended.promise;
    }
  }

  async untilEnded(): Promise<void> {
    while (this.#open.size > 0) {
      await this.#ended.promise;
    }
  }

  process(batch: MessageBatch, work: Promise<void>): void {
    this.#running += 1;
    this.follow(
      batch,
      work.finally(() => {
        this.#running -= 1;
      }),
    );
  }

  /** Keeps a batch open until its work has ended, beside whatever is processed. */
  follow(batch: MessageBatch, work: Promise<void>): void {
    this.#open.add(batch);
    work.catch(this.#onFailed).finally(() => {
      this.#open.delete(batch);
      this.#ended.resolve();
      this.#ended = Promise.withResolvers();
    });
  }
}
