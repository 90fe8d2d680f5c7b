import type { ObservedCall } from '../application/running-application.ts';
import type { RuntimeEvent } from '../application/runtime-event.ts';
import { parseAnswer } from '../functions/parse-answer.ts';
import { BlockedBatches } from './blocked-batches.ts';
import { BoundedList } from './bounded-list.ts';
import type {
  ObservedDestinationDocument,
  ObservedInvocation,
  ObservedLogLine,
} from './observed-invocation.ts';

type InvocationEnd = Extract<RuntimeEvent, { type: 'invocation-succeeded' | 'invocation-failed' }>;

/** What has happened in an application, as data. The newest is kept, within limits. */
export interface ApplicationRecord {
  /** Takes each event of the application. */
  note(event: RuntimeEvent): void;
  /** Takes each invocation with its payload, before the event of its end. */
  noteCall(call: ObservedCall): void;
  invocations(): readonly ObservedInvocation[];
  logs(): readonly ObservedLogLine[];
  destinations(): readonly ObservedDestinationDocument[];
  /** Batches whose last attempt failed. */
  failedBatches(): ReturnType<BlockedBatches['failed']>;
}

/** Of invocations, of log lines, and of documents, each. */
const LIMITS = { values: 10_000, characters: 32 * 1024 * 1024 };

interface StoredInvocation {
  readonly event: InvocationEnd;
  readonly payload: string;
  readonly response: string;
}

export function createApplicationRecord(): ApplicationRecord {
  const calls = new Map<string, { readonly payload: string; readonly response: string }>();
  const invocations = new BoundedList<StoredInvocation>(LIMITS);
  const logs = new BoundedList<ObservedLogLine>(LIMITS);
  const documents = new BoundedList<Extract<RuntimeEvent, { type: 'destination-document' }>>(LIMITS);
  const blocked = new BlockedBatches();

  function noteEnd(event: InvocationEnd): void {
    const call = calls.get(event.requestId) ?? { payload: '{}', response: 'null' };
    calls.delete(event.requestId);
    blocked.noteEnd(event, call);
    invocations.add({ event, ...call }, call.payload.length + call.response.length);
  }

  return {
    note(event) {
      switch (event.type) {
        case 'invocation-succeeded':
        case 'invocation-failed':
          noteEnd(event);
          return;
        case 'fault-injected':
          blocked.noteFault(event);
          return;
        case 'records-discarded':
          blocked.noteDiscarded(event);
          return;
        case 'function-reloaded':
          blocked.noteReloaded(event);
          return;
        case 'destination-document':
          documents.add(event, event.document.length);
          return;
        case 'log': {
          const { functionId, output, line, at } = event;
          logs.add({ functionId, output, line, at }, line.length);
          return;
        }
        default:
      }
    },
    noteCall({ requestId, payload, result }) {
      calls.set(requestId, { payload, response: result.code === 'succeeded' ? result.payload : 'null' });
    },
    invocations: () => invocations.values().map(asInvocation),
    logs: () => logs.values(),
    destinations: () => documents.values().map(asDocument),
    failedBatches: () => blocked.failed(),
  };
}

function asInvocation({ event, payload, response }: StoredInvocation): ObservedInvocation {
  const { functionId, mappingId, shardId, requestId, attempt, durationMs, at: endedAt } = event;
  const { Records: records = [] } = JSON.parse(payload) as { readonly Records?: readonly unknown[] };
  const about = { functionId, mappingId, shardId, requestId, attempt, records, endedAt, durationMs };
  if (event.type === 'invocation-failed') {
    const { errorType, errorMessage } = event;
    return { ...about, outcome: 'failed', itemFailures: 0, error: { errorType, errorMessage } };
  }
  const { itemFailures } = event;
  return { ...about, outcome: 'succeeded', itemFailures, response: parseAnswer(response) };
}

function asDocument(
  event: Extract<RuntimeEvent, { type: 'destination-document' }>,
): ObservedDestinationDocument {
  const { functionId, mappingId, destination, objectKey, queueUrl, document } = event;
  return {
    functionId,
    mappingId,
    ...destination,
    ...(objectKey === undefined ? {} : { objectKey }),
    ...(queueUrl === undefined ? {} : { queueUrl }),
    document: JSON.parse(document),
  };
}
