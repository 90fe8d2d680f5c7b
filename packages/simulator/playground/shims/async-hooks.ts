/**
 * Stands in for `node:async_hooks` in a browser.
 *
 * The store is there while `run` calls its function, and not behind the first `await` in it. That is less than Node.js does, and
 * enough: `commitOnce` asks at its very beginning whether it was called from inside another one, and a simulated handler is
 * never.
 */
export class AsyncLocalStorage<Store> {
  #store: Store | undefined;

  getStore(): Store | undefined {
    return this.#store;
  }

  run<Result>(store: Store, callback: () => Result): Result {
    const before = this.#store;
    this.#store = store;
    try {
      return callback();
    } finally {
      this.#store = before;
    }
  }
}
