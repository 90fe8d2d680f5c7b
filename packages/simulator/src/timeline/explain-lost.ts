import { namesIn } from './count-records.ts';
import { type GuardItem, guardItemOf, markedRecord } from './guards.ts';
import { type EventOf, type HistoryTrace, type RequestTrace, streamOf } from './trace-history.ts';
import { shardText } from './words.ts';

/** Where a record was lost, and why. */
export interface Loss {
  /** Index of the event after which nobody will count the record. */
  readonly event: number;
  readonly explanation: readonly string[];
}

/**
 * Finds the event after which a record that is in no sum can never come into one: a guard that says that it is counted, a record
 * that was given up, or a checkpoint behind it.
 *
 * @param seenAt - index of the event that shows the loss; the answer where nothing else is found
 */
export function explainLost(trace: HistoryTrace, record: string, seenAt: number): Loss {
  const put = trace.puts.get(record);
  const found =
    put === undefined
      ? undefined
      : (passedByGuard(trace, record, put) ?? givenUp(trace, record) ?? passedByPoller(trace, record, put));
  return (
    found ?? {
      event: seenAt,
      explanation: [
        `${record} is in none of the sums, although everything is done and nothing fails any more.`,
        'No event of the history says who has dropped it.',
      ],
    }
  );
}

function passedByGuard(trace: HistoryTrace, record: string, put: EventOf<'record-put'>): Loss | undefined {
  const { history } = trace;
  for (const [index, event] of history.entries()) {
    const guard = event.type === 'item-changed' ? guardItemOf(event.item, event.text) : undefined;
    if (guard?.stream !== put.stream) {
      continue;
    }
    if (guard.code === 'position' && guard.shard === put.shard && hasPassed(guard, record, put)) {
      const what = `set the position of ${shardText(guard.shard)} to ${guard.sequenceNumber}, which is ${guard.sequenceNumber === put.sequenceNumber ? 'that of' : 'past'} ${record}`;
      return guarded(trace, record, { index, what });
    }
    if (guard.code === 'marker' && markedRecord(trace, guard) === record) {
      return guarded(trace, record, { index, what: `marked ${record} as counted` });
    }
  }
  return undefined;
}

/** The landing is what people step to: its changes are a part of it. */
function guarded(
  trace: HistoryTrace,
  record: string,
  { index, what }: { readonly index: number; readonly what: string },
): Loss {
  const request = [...trace.requests.values()].find(({ landings }) =>
    landings.some(({ changes }) => changes.includes(index)),
  );
  const landing = request?.landings.find(({ changes }) => changes.includes(index));
  return {
    event: landing?.event ?? index,
    explanation: [
      `${nameOf(request)} ${what}, and added nothing of ${record} to the sums.`,
      `From then on every delivery of ${record} is taken for one that has been counted: it is in no sum, and never will be.`,
    ],
  };
}

function nameOf(request: RequestTrace | undefined): string {
  return request === undefined ? 'A write' : `Request ${request.number} of ${request.sent.sandbox}`;
}

function givenUp({ history }: HistoryTrace, record: string): Loss | undefined {
  const index = history.findIndex(
    (event) => event.type === 'records-discarded' && namesIn(event.records).includes(record),
  );
  const event = history[index];
  return event?.type !== 'records-discarded'
    ? undefined
    : {
        event: index,
        explanation: [
          `The event source mapping gave ${record} up (${event.condition}) and went on behind it.`,
          'Nothing has counted it before, and nobody delivers it again.',
        ],
      };
}

function passedByPoller(
  { history }: HistoryTrace,
  record: string,
  put: EventOf<'record-put'>,
): Loss | undefined {
  // A poller that starts again from before the record may deliver it once more: the last time it is passed is what counts.
  const index = history.findLastIndex(
    (event) =>
      event.type === 'checkpoint-moved' &&
      event.shard === put.shard &&
      streamOf(event.poller) === put.stream &&
      isAtOrAfter(event.sequenceNumber, put),
  );
  const first = firstOfRun(history, index, put);
  const event = history[first];
  return event?.type !== 'checkpoint-moved'
    ? undefined
    : {
        event: first,
        explanation: [
          `The function reported success for a batch with ${record}, and ${event.poller} stored ${event.sequenceNumber} as its checkpoint of ${shardText(event.shard)}.`,
          `But ${record} is in none of the sums. The checkpoint is behind it, so that Lambda does not deliver it again: it is lost.`,
        ],
      };
}

/** Where the poller passed the record for the last time: later checkpoints are only further behind it. */
function firstOfRun(history: HistoryTrace['history'], last: number, put: EventOf<'record-put'>): number {
  const end = history[last];
  if (end?.type !== 'checkpoint-moved') {
    return last;
  }
  let first = last;
  for (let index = last - 1; index >= 0; index -= 1) {
    const event = history[index];
    if (event?.type === 'checkpoint-moved' && event.poller === end.poller && event.shard === end.shard) {
      if (!isAtOrAfter(event.sequenceNumber, put)) {
        break;
      }
      first = index;
    }
    if (event?.type === 'invocation-started' && event.records.includes(put.label)) {
      break;
    }
  }
  return first;
}

/** A position within a record of a stream has passed its first records only. */
function hasPassed(
  { sequenceNumber, subSequenceNumber }: GuardItem & { readonly code: 'position' },
  record: string,
  put: EventOf<'record-put'>,
): boolean {
  const isWithin = sequenceNumber === put.sequenceNumber;
  return isWithin
    ? subSequenceNumber >= namesIn([put.label]).indexOf(record)
    : isAtOrAfter(sequenceNumber, put);
}

function isAtOrAfter(sequenceNumber: string, put: EventOf<'record-put'>): boolean {
  return sequenceNumber !== '' && BigInt(sequenceNumber) >= BigInt(put.sequenceNumber);
}
