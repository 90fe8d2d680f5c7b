import { createPause, createTurn, type Turn } from '@oncefold/simulator';

/** So long nothing else in the process gets its turn, in milliseconds. */
const PAUSE_EVERY_MS = 50;

/** A turn that ends the history, by the signal's reason, when the command is ended; and lets signals arrive. */
export function createAbortableTurn(signal: AbortSignal): Turn {
  const turn = createTurn();
  const pause = createPause();
  let pausedAt = performance.now();
  return async () => {
    if (performance.now() - pausedAt > PAUSE_EVERY_MS) {
      await pause();
      pausedAt = performance.now();
      signal.throwIfAborted();
    }
    await turn();
  };
}
