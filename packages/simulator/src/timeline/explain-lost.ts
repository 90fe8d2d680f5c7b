import { namesIn } from './count-records.ts';
import { isAtOrAfter, type Passage, passagesOf } from './passages.ts';
import { type EventOf, type HistoryTrace, landingsOf, type RequestTrace, streamOf } from './trace-history.ts';
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
  const passages = put === undefined ? [] : passagesOf(trace, record, put);
  const found =
    passedByGuard(passages, record) ??
    passedByOther(trace, passages, record) ??
    countedInPart(trace, passages, record) ??
    givenUp(trace, record) ??
    (put && passedByPoller(trace, record, put));
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

/** A guard that says that a record is counted, written together with nothing of the record. */
function passedByGuard(passages: readonly Passage[], record: string): Loss | undefined {
  const passage = passages.find(({ isCounted }) => !isCounted);
  return passage === undefined
    ? undefined
    : {
        event: passage.event,
        explanation: [
          `${nameOf(passage.request)} ${passage.what}, and added nothing of ${record} to the sums.`,
          `From then on every delivery of ${record} is taken for one that has been counted: it is in no sum, and never will be.`,
        ],
      };
}

/** A guard that another function has written: it has counted the record in its own sums, and this one finds the guard. */
function passedByOther(trace: HistoryTrace, passages: readonly Passage[], record: string): Loss | undefined {
  for (const passage of passages) {
    const refused = landingsOf(trace).find(
      ({ request, landing }) =>
        landing.event > passage.event &&
        landing.outcome === 'condition-failed' &&
        request.sent.items.includes(passage.item) &&
        functionOf(request) !== functionOf(passage.request),
    );
    if (refused !== undefined) {
      return {
        event: passage.event,
        explanation: [
          `${nameOf(passage.request)} counted ${record} in the sums of its own function, and ${passage.what}.`,
          `The other function looks at the same item: request ${refused.request.number} of ${refused.request.sent.sandbox} was refused, ${record} was taken for counted, and it is in none of that function's sums.`,
        ],
      };
    }
  }
  return undefined;
}

/** One write counts a record in some sums and forgets another one. */
function countedInPart(trace: HistoryTrace, passages: readonly Passage[], record: string): Loss | undefined {
  const functions = new Set([...trace.invocations.values()].map(({ started }) => started.function));
  const [passage] = passages;
  return passage === undefined || functions.size > 1
    ? undefined
    : {
        event: passage.event,
        explanation: [
          `${nameOf(passage.request)} ${passage.what}, and added it to some of its sums, but not to all of them.`,
          `From then on every delivery of ${record} is taken for one that has been counted: what is missing never comes.`,
        ],
      };
}

function functionOf(request: RequestTrace | undefined): string | undefined {
  return request?.invocation?.started.function;
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

function passedByPoller(trace: HistoryTrace, record: string, put: EventOf<'record-put'>): Loss | undefined {
  const { history } = trace;
  // A poller that starts again from before the record may deliver it once more: the last time it is passed is what counts.
  const index = history.findLastIndex(
    (event) =>
      event.type === 'checkpoint-moved' &&
      event.shard === put.shard &&
      streamOf(event.poller) === put.stream &&
      isAtOrAfter(event.sequenceNumber, put),
  );
  const isCounted = landingsOf(trace).some(({ landing }) => landing.records.includes(record));
  const missing = isCounted
    ? `not all of the sums that should contain ${record} do`
    : `${record} is in none of the sums`;
  const first = firstOfRun(history, index, put);
  const event = history[first];
  return event?.type !== 'checkpoint-moved'
    ? undefined
    : {
        event: first,
        explanation: [
          `The function reported success for a batch with ${record}, and ${event.poller} stored ${event.sequenceNumber} as its checkpoint of ${shardText(event.shard)}.`,
          `But ${missing}. The checkpoint is behind it, so that Lambda does not deliver it again: it is lost.`,
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
