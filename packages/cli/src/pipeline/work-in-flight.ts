import type { RuntimeEvent } from '@oncefold/local-runtime';

/** Which batches are in flight, as far as the invocations tell. */
export interface WorkInFlight {
  /** Takes each event of the running application. */
  note(event: RuntimeEvent): void;
  /** Whether a function has a batch now, or a batch that failed has yet to be delivered again. */
  isAny(): boolean;
  /** When the last invocation ended, in milliseconds since the epoch; 0 when none has. */
  readonly lastEndedAt: number;
}

/** Watches which batches are in flight. */
export function watchWorkInFlight(): WorkInFlight {
  const running = new Set<string>();
  const failedShards = new Set<string>();
  let lastEndedAt = 0;
  return {
    note(event) {
      if (event.type === 'invocation-started') {
        running.add(event.requestId);
      }
      if (event.type !== 'invocation-succeeded' && event.type !== 'invocation-failed') {
        return;
      }
      running.delete(event.requestId);
      lastEndedAt = event.at;
      const shard = `${event.mappingId} ${event.shardId}`;
      const isDone = event.type === 'invocation-succeeded' && event.itemFailures === 0;
      if (isDone) {
        failedShards.delete(shard);
      } else {
        failedShards.add(shard);
      }
    },
    isAny: () => running.size > 0 || failedShards.size > 0,
    get lastEndedAt() {
      return lastEndedAt;
    },
  };
}
