import { timerDelay } from './timer-delay.ts';

/** A timer that calls back when the clock shows its time; each time that is set replaces the one before. */
export function createWakeTimer(onWake: () => void): { set(atMs: number | undefined): void } {
  let timer: NodeJS.Timeout | undefined;

  function set(atMs: number | undefined): void {
    clearTimeout(timer);
    if (atMs !== undefined) {
      timer = setTimeout(() => wake(atMs), timerDelay(atMs));
    }
  }

  function wake(atMs: number): void {
    // A timer may end a moment before the clock shows its time, and the machine would go on waiting for that.
    if (Date.now() < atMs) {
      set(atMs);
    } else {
      onWake();
    }
  }

  return { set };
}
