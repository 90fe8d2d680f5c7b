/** Resolves when every promise that can go on without another event has gone on. */
export type Turn = () => Promise<void>;

/** What an environment may have; types alone, so that nothing of it is needed. */
interface Environment {
  readonly process?: {
    readonly versions?: { readonly node?: string };
    readonly nextTick?: (callback: () => void) => void;
  };
  readonly setImmediate?: (callback: () => void) => unknown;
  readonly MessageChannel?: new () => {
    readonly port1: { onmessage: (() => void) | null; close(): void };
    readonly port2: { postMessage(message: null): void };
  };
}

/**
 * Makes the turn of the environment.
 *
 * In Node.js a tick that is asked for by a promise job runs when no promise job is left, before the event loop turns: that is a
 * tenth of the time of a task. Elsewhere a task does it, because promise jobs all run before the next one. Whoever
 * makes many turns must let the event loop turn now and then, see {@link createPause}.
 */
export function createTurn(environment: Environment = globalThis as unknown as Environment): Turn {
  const { process } = environment;
  const nextTick = process?.versions?.node === undefined ? undefined : process.nextTick;
  return nextTick === undefined
    ? createPause(environment)
    : () => new Promise((resolve) => nextTick(resolve));
}

/**
 * Makes a pause of one task, so that timers, messages and signals get their turn.
 *
 * Node.js has `setImmediate`; a browser has `MessageChannel`, whose tasks are not slowed down as those of timers are.
 */
export function createPause(environment: Environment = globalThis as unknown as Environment): Turn {
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
