import type { Turn } from '@oncefold/simulator';

/** A turn that ends the history, by the signal's reason, when the command is ended. */
export function abortableTurn(turn: Turn, signal: AbortSignal): Turn {
  return () => {
    signal.throwIfAborted();
    return turn();
  };
}
