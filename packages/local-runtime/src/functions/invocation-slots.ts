const WAITING_MAX = 1_000;

/** Places for invocations that run at a time; further invocations wait in order. */
export class InvocationSlots {
  readonly #runningMax: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param runningMax - with 0 there is no place to run or to wait */
  constructor(runningMax: number) {
    this.#runningMax = runningMax;
  }

  get isFull(): boolean {
    return this.#runningMax === 0 || this.#waiting.length >= WAITING_MAX;
  }

  async take(): Promise<void> {
    if (this.#running < this.#runningMax) {
      this.#running += 1;
    } else {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#running -= 1;
    } else {
      next();
    }
  }
}
