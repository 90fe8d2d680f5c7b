import { type RequestClock, systemRequestClock } from '@oncefold/versioned-upsert';

/** A clock that moves only by waits, which pass at once; requests end by the machine's own time. */
export interface VirtualClock extends RequestClock {
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
    abortAfter: systemRequestClock.abortAfter,
  };
}
