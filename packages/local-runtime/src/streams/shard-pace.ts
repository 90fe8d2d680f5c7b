/** How often a stream is asked for records. */
export interface PollingOptions {
  /** Wait after a read that brought records, milliseconds. */
  readonly busyMs: number;
  /** Longest wait after reads that brought nothing, milliseconds. */
  readonly idleMs: number;
}

/** When one shard is to be read next, and how its reads went. */
export interface ShardPace {
  /** Earliest time of the next read, milliseconds since the epoch. */
  readonly nextReadAtMs: number;
  /** Start of the last read that found nothing; 0 before the first. */
  readonly emptyAtMs: number;
  begin(nowMs: number): void;
  succeed(records: number, millisBehindLatest: number): void;
  /** @returns how many reads have failed in a row */
  fail(): number;
}

/** A read that brought so many records is followed by the next one at once. */
const LARGE_READ_RECORDS = 500;
const IDLE_GROWTH = 1.5;

/**
 * Makes the pace of one shard: at once while much is there, at the busy distance while something is, and further and
 * further apart, up to the idle distance, while nothing is.
 */
export function createShardPace({ busyMs, idleMs }: PollingOptions): ShardPace {
  let beganAtMs = 0;
  let distanceMs = 0;
  let emptyAtMs = 0;
  let failures = 0;
  return {
    get nextReadAtMs() {
      return beganAtMs + distanceMs;
    },
    get emptyAtMs() {
      return emptyAtMs;
    },
    begin(nowMs) {
      beganAtMs = nowMs;
    },
    succeed(records, millisBehindLatest) {
      failures = 0;
      if (records === 0) {
        emptyAtMs = beganAtMs;
      }
      if (records >= LARGE_READ_RECORDS || millisBehindLatest > 0) {
        distanceMs = 0;
      } else if (records > 0) {
        distanceMs = busyMs;
      } else {
        distanceMs = Math.min(idleMs, Math.max(busyMs, distanceMs * IDLE_GROWTH));
      }
    },
    fail() {
      failures += 1;
      return failures;
    },
  };
}
