/** How often a stream is asked for records. */
export interface PollingOptions {
  /** Wait after a read that brought records, milliseconds. */
  readonly busyMs: number;
  /** Longest wait after reads that brought nothing, milliseconds. */
  readonly idleMs: number;
}

/** A read that brought so many records is followed by the next one at once. */
const LARGE_READ_RECORDS = 500;
const IDLE_GROWTH = 1.5;

/**
 * When one shard is to be read next: at once while many records are there, at the busy distance while some are, and
 * further and further apart, up to the idle distance, while none are.
 */
export class ShardPace {
  readonly #polling: PollingOptions;
  #beganAtMs = 0;
  #distanceMs = 0;
  #emptyAtMs = 0;
  #failures = 0;

  constructor(polling: PollingOptions) {
    this.#polling = polling;
  }

  get nextReadAtMs(): number {
    return this.#beganAtMs + this.#distanceMs;
  }

  /** Start of the last read that found nothing; 0 before the first. */
  get emptyAtMs(): number {
    return this.#emptyAtMs;
  }

  begin(nowMs: number): void {
    this.#beganAtMs = nowMs;
  }

  succeed(records: number, millisBehindLatest: number): void {
    const { busyMs, idleMs } = this.#polling;
    this.#failures = 0;
    if (records === 0) {
      this.#emptyAtMs = this.#beganAtMs;
    }
    if (records >= LARGE_READ_RECORDS || millisBehindLatest > 0) {
      this.#distanceMs = 0;
    } else if (records > 0) {
      this.#distanceMs = busyMs;
    } else {
      this.#distanceMs = Math.min(idleMs, Math.max(busyMs, this.#distanceMs * IDLE_GROWTH));
    }
  }

  /** @returns how many reads have failed in a row */
  fail(): number {
    this.#failures += 1;
    return this.#failures;
  }
}
