/** Resolves when every promise that can go on without another event has gone on. */
export type Turn = () => Promise<void>;

/** What an environment may have; types alone, so that nothing of it is needed. */
interface Environment {
  readonly setImmediate?: (callback: () => void) => unknown;
  readonly MessageChannel?: new () => {
    readonly port1: { onmessage: (() => void) | null; close(): void };
    readonly port2: { postMessage(message: null): void };
  };
}

/**
 * Makes the turn of the environment: promise jobs all run before the next task, so one task is enough.
 *
 * Node.js has `setImmediate`; a browser has `MessageChannel`, whose tasks are not slowed down as those of timers are.
 */
export function createTurn(environment: Environment = globalThis as Environment): Turn {
  const { setImmediate, MessageChannel } = environment;
  if (setImmediate !== undefined) {
    return () => new Promise((resolve) => setImmediate(resolve));
  }
  if (MessageChannel === undefined) {
    throw new Error('neither setImmediate nor MessageChannel is there');
  }
  const { port1, port2 } = new MessageChannel();
  let resume: (() => void) | undefined;
  port1.onmessage = () => resume?.();
  return () =>
    new Promise((resolve) => {
      resume = resolve;
      port2.postMessage(null);
    });
}
