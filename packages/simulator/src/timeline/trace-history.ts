import type { FaultKind } from '../faults/fault-kinds.ts';
import type { History, HistoryEvent } from '../history/history.ts';
import { createRecordCounts, namesIn } from './count-records.ts';

/** Events of one type. */
export type EventOf<Type extends HistoryEvent['type']> = Extract<HistoryEvent, { readonly type: Type }>;

/** A record that was added to the sums of a table. */
export interface Addition {
  readonly record: string;
  readonly table: string;
}

/** A landing of a request: DynamoDB processed it. */
export interface Landing {
  /** Index of the event. */
  readonly event: number;
  readonly outcome: string;
  /** Indexes of the changes that it made. */
  readonly changes: readonly number[];
  /** Records that it added to sums. */
  readonly records: readonly string[];
  /** Which records it added to the sums of which table: functions of two stacks count the same records. */
  readonly additions: readonly Addition[];
}

/** A request and what became of it. */
export interface RequestTrace {
  readonly number: number;
  readonly sent: EventOf<'request-sent'>;
  readonly sentAt: number;
  readonly token: string | undefined;
  readonly invocation: InvocationTrace | undefined;
  readonly faults: FaultKind[];
  readonly landings: Landing[];
  /** Index of the event; undefined: no answer ever reached the sandbox. */
  replyAt: number | undefined;
}

/** An invocation and what became of it. */
export interface InvocationTrace {
  readonly number: number;
  readonly started: EventOf<'invocation-started'>;
  readonly startedAt: number;
  ended: EventOf<'invocation-ended'> | undefined;
  endedAt: number | undefined;
}

/** Which events of a history belong together. Numbers of events are their indexes in the history. */
export interface HistoryTrace {
  readonly history: History;
  readonly requests: ReadonlyMap<number, RequestTrace>;
  readonly invocations: ReadonlyMap<number, InvocationTrace>;
  /** How often a record is in the sums after a landing, by the event of the landing. */
  readonly countsAt: ReadonlyMap<number, ReadonlyMap<string, number>>;
  /** Labels of the records of streams, by {@link placeOf}. */
  readonly labels: ReadonlyMap<string, string>;
  /** Where a record was put first. */
  readonly puts: ReadonlyMap<string, EventOf<'record-put'>>;
}

/** Follows every request and every invocation through a history. */
export function traceHistory(history: History): HistoryTrace {
  const tracer = createTracer(history);
  for (const [index, event] of history.entries()) {
    tracer.take(event, index);
  }
  return tracer.trace;
}

interface Tracer {
  readonly trace: HistoryTrace;
  take(event: HistoryEvent, index: number): void;
}

function createTracer(history: History): Tracer {
  const requests = new Map<number, RequestTrace>();
  const invocations = new Map<number, InvocationTrace>();
  const puts = new Map<string, EventOf<'record-put'>>();
  const labels = new Map<string, string>();
  const countsAt = new Map<number, ReadonlyMap<string, number>>();
  const running = new Map<string, InvocationTrace>();
  const faults = new Map<number, FaultKind[]>();
  const counts = createRecordCounts(history);
  let changes: number[] = [];
  const added = new Map<string, Addition>();

  const land = (event: EventOf<'request-landed'>, index: number): void => {
    const additions = [...added.values()];
    const records = [...new Set(additions.map(({ record }) => record))];
    requests
      .get(event.request)
      ?.landings.push({ event: index, outcome: event.outcome, changes, records, additions });
    countsAt.set(index, new Map(records.map((record) => [record, counts.countOf(record)])));
  };
  const change = (event: EventOf<'item-changed'>, index: number): void => {
    const records = counts.add(event);
    if (makerOf(history, index) === undefined) {
      return;
    }
    changes.push(index);
    for (const record of records) {
      added.set(`${event.table}/${record}`, { record, table: event.table });
    }
  };
  const forgetChanges = (): void => {
    changes = [];
    added.clear();
  };
  const take = (event: HistoryEvent, index: number): void => {
    switch (event.type) {
      case 'record-put':
        labels.set(placeOf(event.stream, event.sequenceNumber), event.label);
        for (const record of namesIn([event.label])) {
          puts.set(record, puts.get(record) ?? event);
        }
        break;
      case 'item-changed':
        change(event, index);
        break;
      case 'fault':
        noteFault(event, faults);
        break;
      case 'request-sent':
        requests.set(event.request, {
          ...sentRequest(event, index),
          invocation: running.get(event.sandbox),
          faults: faultsOf(event.request, faults),
        });
        break;
      case 'request-landed':
        land(event, index);
        forgetChanges();
        break;
      case 'foreign-write':
        forgetChanges();
        break;
      case 'reply-received':
        setReply(requests.get(event.request), index);
        break;
      case 'invocation-started': {
        const invocation = startedInvocation(event, index);
        invocations.set(event.invocation, invocation);
        running.set(event.sandbox, invocation);
        break;
      }
      case 'invocation-ended':
        running.delete(event.sandbox);
        setEnd(invocations.get(event.invocation), event, index);
        break;
    }
  };
  return { trace: { history, requests, invocations, countsAt, labels, puts }, take };
}

function sentRequest(
  sent: EventOf<'request-sent'>,
  sentAt: number,
): Omit<RequestTrace, 'invocation' | 'faults'> {
  const token = /, token (\S+)$/.exec(sent.summary)?.[1];
  return { number: sent.request, sent, sentAt, token, landings: [], replyAt: undefined };
}

function startedInvocation(started: EventOf<'invocation-started'>, startedAt: number): InvocationTrace {
  return { number: started.invocation, started, startedAt, ended: undefined, endedAt: undefined };
}

/** A request and one of its landings. */
export interface LandedRequest {
  readonly request: RequestTrace;
  readonly landing: Landing;
}

/** Every landing, in the order of the history. */
export function landingsOf({ requests }: HistoryTrace): readonly LandedRequest[] {
  return [...requests.values()]
    .flatMap((request) => request.landings.map((landing) => ({ request, landing })))
    .sort((a, b) => a.landing.event - b.landing.event);
}

/** The request that a fault is about; undefined: it is about something else. */
export function requestOf({ target }: EventOf<'fault'>): number | undefined {
  const [, number] = /^request (\d+)$/.exec(target) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** The kind of a fault. */
export function kindOf({ fault }: EventOf<'fault'>): FaultKind {
  return fault.slice(0, fault.lastIndexOf(':')) as FaultKind;
}

/**
 * The event of what changed an item: it comes after its changes, at the same time. Undefined: DynamoDB deleted the item, because
 * its time to live was over.
 */
export function makerOf(history: History, index: number): number | undefined {
  const at = history[index]?.at;
  for (let next = index + 1; history[next]?.at === at; next += 1) {
    switch (history[next]?.type) {
      case 'request-landed':
      case 'foreign-write':
        return next;
      case 'item-changed':
      case 'record-put':
        break;
      default:
        return undefined;
    }
  }
  return undefined;
}

/** Names the place of a record: no two shards of a stream have one sequence number. */
export function placeOf(stream: string, sequenceNumber: string): string {
  return `${stream}/${sequenceNumber}`;
}

/** Whether a program has invoked the function, and no mapping. */
export function isDirect({ shard }: Pick<EventOf<'invocation-started'>, 'shard'>): boolean {
  return shard === '';
}

/** `poller-1 of Orders` reads `Orders`. */
export function streamOf(poller: string): string {
  return poller.slice(poller.indexOf(' of ') + 4);
}

function noteFault(event: EventOf<'fault'>, faults: Map<number, FaultKind[]>): void {
  const request = requestOf(event);
  if (request !== undefined) {
    faultsOf(request, faults).push(kindOf(event));
  }
}

/** The same list for the whole history: a fault may strike when the request lands. */
function faultsOf(request: number, faults: Map<number, FaultKind[]>): FaultKind[] {
  const known = faults.get(request) ?? [];
  faults.set(request, known);
  return known;
}

function setReply(request: RequestTrace | undefined, index: number): void {
  if (request !== undefined) {
    request.replyAt = index;
  }
}

function setEnd(
  invocation: InvocationTrace | undefined,
  event: EventOf<'invocation-ended'>,
  index: number,
): void {
  if (invocation !== undefined) {
    invocation.ended = event;
    invocation.endedAt = index;
  }
}
