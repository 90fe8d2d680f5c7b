import type { OperationsClock } from '../tables/send-again.ts';

/** Holds work to a rate. */
export interface Pace {
  /** Waits until so many more may be done. */
  wait(count: number): Promise<void>;
}

/** Makes a pace of so many a second; 0 is no limit. */
export function createPace(clock: OperationsClock, perSecondMax: number): Pace {
  let nextMs = clock.now();
  return {
    wait: async (count) => {
      if (perSecondMax <= 0) {
        return;
      }
      const startMs = Math.max(clock.now(), nextMs);
      nextMs = startMs + (count / perSecondMax) * 1000;
      if (startMs > clock.now()) {
        await clock.sleep(startMs - clock.now());
      }
    },
  };
}
