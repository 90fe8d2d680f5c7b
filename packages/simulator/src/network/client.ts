import type { Clock } from '@oncefold/commit';
import type { Sandbox } from '../lambda/sandbox.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { SimulatedStore } from '../store/create-store.ts';
import { commandRequest } from '../store/dynamodb-client.ts';
import type { Network } from './network.ts';
import { sendWithRetries } from './send-with-retries.ts';
import type { SimulatedClient } from './simulated-client.ts';

/** How long the SDK waits for one answer, in milliseconds, as the functions configure it. */
const REQUEST_TIMEOUT_MS = 5_000;

/** An SDK client in a sandbox: one try of {@link Network} or, as the SDK does it, a few. */
export function createClient(options: {
  readonly network: Network;
  readonly store: SimulatedStore;
  readonly sandbox: Sandbox;
  readonly scheduler: Scheduler;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Sends that the SDK makes of one; 1 where the caller retries. */
  readonly attemptsMax: number;
}): SimulatedClient {
  const { network, store, sandbox, scheduler, clock, attemptsMax } = options;
  const requestFor = (command: unknown): ReturnType<typeof commandRequest> => {
    try {
      return commandRequest(store, command);
    } catch (error) {
      // Past the function, which would take it for a failure and be called again: the history ends.
      scheduler.after(0, () => {
        throw error;
      });
      throw error;
    }
  };
  return {
    send: async (command, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}) => {
      // Once for all attempts: a transaction has one token in all of them.
      const request = requestFor(command);
      return sendWithRetries(() => network.send(sandbox, request, REQUEST_TIMEOUT_MS), {
        clock,
        attemptsMax,
        aborted: abortSignal && rejectOnAbort(abortSignal),
      });
    },
  };
}

/** What was aborted may have been done all the same. */
function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) {
      abort();
    } else {
      signal.addEventListener('abort', abort, { once: true });
    }
  });
}
