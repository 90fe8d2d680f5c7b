import type { Clock } from '@oncefold/commit';

/** A clock that moves only by waits, which pass at once. */
export interface VirtualClock extends Clock {
  /** Every wait so far, in milliseconds. */
  readonly waits: readonly number[];
}

export function createVirtualClock(): VirtualClock {
  let nowMs = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => nowMs,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
      nowMs += milliseconds;
    },
    random: () => 0.5,
  };
}
