import { setTimeout as sleep } from 'node:timers/promises';
import { asError, FAILURES_MAX, isTransient } from '../streams/stream-source.ts';
import type { QueueApi } from './queue-api.ts';

export interface RetryQueueOptions {
  readonly onRetry: (request: keyof QueueApi, error: Error) => void;
}

/** Between two attempts at a request. All together take less than a command may take to end. */
const BACKOFF_MS = { first: 50, max: 1_000 };

/** Sends requests to a queue again when they fail with a transient error, as often as those to a stream. */
export function retryQueue(queue: QueueApi, { onRetry }: RetryQueueOptions): QueueApi {
  async function retry<Answer>(
    request: keyof QueueApi,
    send: () => Promise<Answer>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    for (let failures = 1, waitMs = BACKOFF_MS.first; ; failures += 1) {
      try {
        return await send();
      } catch (thrown) {
        const error = asError(thrown);
        if (signal?.aborted || !isTransient(error) || failures >= FAILURES_MAX) {
          throw error;
        }
        onRetry(request, error);
      }
      await sleep(waitMs, undefined, signal && { signal });
      waitMs = Math.min(2 * waitMs, BACKOFF_MS.max);
    }
  }

  return {
    receive: (request) => retry('receive', () => queue.receive(request), request.signal),
    // What a function has processed is deleted even while the application stops.
    delete: (handles) => retry('delete', () => queue.delete(handles)),
    makeVisible: (handles) => retry('makeVisible', () => queue.makeVisible(handles)),
    count: () => retry('count', () => queue.count()),
  };
}
