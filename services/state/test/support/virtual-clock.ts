import type { Clock } from '../../src/clock.ts';

/** A clock that stands still but for waits, which pass at once. */
export interface VirtualClock extends Clock {
  /** Every wait so far, in milliseconds. */
  readonly waits: readonly number[];
}

/** Creates a clock at 0; signals abort when a wait carries time past their end. */
export function createVirtualClock(): VirtualClock {
  let now_ms = 0;
  const waits: number[] = [];
  const timers: { readonly end_ms: number; readonly controller: AbortController }[] = [];
  const expire = () => {
    for (const { end_ms, controller } of timers) {
      if (end_ms <= now_ms) {
        controller.abort();
      }
    }
  };
  return {
    waits,
    now_ms: () => now_ms,
    async wait(duration_ms) {
      waits.push(duration_ms);
      now_ms += duration_ms;
      expire();
    },
    abortAfter(duration_ms) {
      const controller = new AbortController();
      timers.push({ end_ms: now_ms + duration_ms, controller });
      expire();
      return controller.signal;
    },
    random: () => 0.5,
  };
}
