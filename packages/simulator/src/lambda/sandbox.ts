import type { Scheduler } from '../scheduler/scheduler.ts';

/**
 * One process of a function: started cold, kept warm, frozen between invocations, killed.
 *
 * Nothing reaches a sandbox while it is frozen or stands still; what has been sent to it is delivered when it goes on. What
 * reaches a dead one is gone.
 */
export interface Sandbox {
  readonly id: string;
  readonly version: number;
  /** Runs now, or when the sandbox goes on, or never. */
  deliver(run: () => void): void;
  /** Kills the process. */
  crash(): void;
  /** Lets the process stand still for so many parts of its function's timeout. */
  stall(timeouts: number): void;
}

/** What Lambda itself can do to a sandbox. */
export interface SandboxControl extends Sandbox {
  readonly isDead: boolean;
  /** Between two invocations. */
  freeze(): void;
  resume(): void;
  kill(): void;
}

/** Starts a process. `onCrash` is told of a crash, but not of a kill. */
export function createSandbox(options: {
  readonly id: string;
  readonly version: number;
  readonly scheduler: Scheduler;
  readonly timeoutMs: number;
  readonly onCrash: () => void;
}): SandboxControl {
  const { id, version, scheduler, timeoutMs, onCrash } = options;
  let waiting: (() => void)[] = [];
  let isDead = false;
  let isFrozen = false;
  let stalls = 0;
  const goOn = (): void => {
    const runs = waiting;
    waiting = [];
    for (const run of runs) {
      run();
    }
  };
  const kill = (): void => {
    isDead = true;
    waiting = [];
  };
  return {
    id,
    version,
    get isDead() {
      return isDead;
    },
    deliver: (run) => {
      if (isDead) {
        return;
      }
      if (isFrozen || stalls > 0) {
        waiting.push(run);
      } else {
        run();
      }
    },
    crash: () => {
      if (!isDead) {
        kill();
        onCrash();
      }
    },
    kill,
    stall: (timeouts) => {
      stalls += 1;
      scheduler.after(timeouts * timeoutMs, () => {
        stalls -= 1;
        if (!isDead && !isFrozen && stalls === 0) {
          goOn();
        }
      });
    },
    freeze: () => {
      isFrozen = true;
    },
    resume: () => {
      isFrozen = false;
      if (stalls === 0) {
        goOn();
      }
    },
  };
}
