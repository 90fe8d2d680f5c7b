/** Places for invocations that run at a time; further invocations wait in order. */
export interface InvocationSlots {
  /** True when an invocation can neither run nor wait. */
  isFull(): boolean;
  take(): Promise<void>;
  release(): void;
}

const WAITING_MAX = 1_000;

/** @param runningMax - with 0 there is no place to run or to wait */
export function createInvocationSlots(runningMax: number): InvocationSlots {
  const waiting: (() => void)[] = [];
  let running = 0;
  return {
    isFull: () => runningMax === 0 || waiting.length >= WAITING_MAX,
    async take() {
      if (running < runningMax) {
        running += 1;
      } else {
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    release() {
      const next = waiting.shift();
      if (next === undefined) {
        running -= 1;
      } else {
        next();
      }
    },
  };
}
