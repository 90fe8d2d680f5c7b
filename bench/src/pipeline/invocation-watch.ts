import type { RuntimeEvent, StartApplicationOptions } from '@oncefold/local-runtime';
import { changesCounted, type ObservedCall } from './passages.ts';

/** Keeps the invocations that succeeded, with what they were given. */
export interface InvocationWatch {
  /** Forgets what it has kept. */
  begin(): void;
  calls(): readonly ObservedCall[];
  /** How many changes are in the sums. */
  summed(): number;
  readonly note: (event: RuntimeEvent) => void;
  readonly noteCall: NonNullable<StartApplicationOptions['onCall']>;
}

/** Makes a watch that has seen nothing; it is told every event of the runtime, and every call before the event of its end. */
export function createInvocationWatch(): InvocationWatch {
  const started = new Map<string, number>();
  const payloads = new Map<string, string>();
  let calls: ObservedCall[] = [];
  let summed = 0;
  return {
    begin() {
      calls = [];
      summed = 0;
    },
    calls: () => calls,
    summed: () => summed,
    noteCall: ({ requestId, payload }) => void payloads.set(requestId, payload),
    note(event) {
      if (event.type === 'invocation-started') {
        started.set(event.requestId, event.at);
        return;
      }
      if (event.type !== 'invocation-succeeded' && event.type !== 'invocation-failed') {
        return;
      }
      const { requestId, functionId, shardId, records } = event;
      const [payload, startedAtMs] = [payloads.get(requestId), started.get(requestId)];
      payloads.delete(requestId);
      started.delete(requestId);
      // The last event of a tumbling window has no records.
      const isKept = event.type === 'invocation-succeeded' && records > 0;
      if (!isKept || payload === undefined || startedAtMs === undefined) {
        return;
      }
      const call = { functionId, shardId, records, startedAtMs, endedAtMs: event.at, payload };
      calls.push(call);
      summed += functionId === 'ReduceFunction' ? changesCounted(call) : 0;
    },
  };
}
