export interface Deadline {
  /** Calls back with the reason after that time; replaces a deadline that was set before. */
  set(seconds: number, reason: string): void;
  cancel(): void;
  /** Stops the clock while something is done. */
  pauseDuring<Value>(work: () => Promise<Value>): Promise<Value>;
}

/** At most one point in time at which a process must have done something. */
export function createDeadline(onPassed: (reason: string) => void): Deadline {
  let current: { readonly timer: NodeJS.Timeout; readonly reason: string; readonly at: number } | undefined;

  function set(seconds: number, reason: string): void {
    cancel();
    const timer = setTimeout(() => onPassed(reason), seconds * 1_000);
    timer.unref();
    current = { timer, reason, at: Date.now() + seconds * 1_000 };
  }

  function cancel(): void {
    clearTimeout(current?.timer);
    current = undefined;
  }

  return {
    set,
    cancel,
    async pauseDuring(work) {
      const paused = current;
      const remainingMs = (paused?.at ?? 0) - Date.now();
      clearTimeout(paused?.timer);
      try {
        return await work();
      } finally {
        // Cancelled or replaced meanwhile, it does not go on.
        if (paused !== undefined && paused === current) {
          set(Math.max(0, remainingMs) / 1_000, paused.reason);
        }
      }
    },
  };
}
