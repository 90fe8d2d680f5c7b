/** Seconds that are remembered. */
export const HISTORY_SECONDS = 60;
/** Whole seconds over which a rate is taken. */
const RATE_SECONDS = 5;

/** How much came in each of the last seconds; what is older is forgotten. */
export class SlidingCount {
  readonly #counts = new Array<number>(HISTORY_SECONDS + 1).fill(0);
  #second = 0;

  /** @param atMs - milliseconds since the epoch; a time before the latest counts as the latest */
  add(atMs: number, count: number): void {
    this.#advance(atMs);
    const place = this.#second % this.#counts.length;
    this.#counts[place] = (this.#counts[place] ?? 0) + count;
  }

  /** Per second, over the last whole seconds: the one that runs is not over yet. */
  perSecond(nowMs: number): number {
    return (
      this.series(nowMs)
        .slice(-RATE_SECONDS)
        .reduce((sum, count) => sum + count, 0) / RATE_SECONDS
    );
  }

  /** What came in each of the last {@link HISTORY_SECONDS} whole seconds, oldest first. */
  series(nowMs: number): readonly number[] {
    this.#advance(nowMs);
    const { length } = this.#counts;
    return Array.from(
      { length: HISTORY_SECONDS },
      (_, index) => this.#counts[(this.#second + 1 + index) % length] ?? 0,
    );
  }

  #advance(atMs: number): void {
    const second = Math.max(this.#second, Math.floor(atMs / 1_000));
    const { length } = this.#counts;
    const first = Math.max(this.#second + 1, second - length + 1);
    for (let passed = first; passed <= second; passed += 1) {
      this.#counts[passed % length] = 0;
    }
    this.#second = second;
  }
}
