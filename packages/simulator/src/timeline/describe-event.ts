import { faultDescriptions } from '../faults/fault-kinds.ts';
import type { HistoryEvent } from '../history/history.ts';
import { namesIn } from './count-records.ts';
import { recordAt } from './guards.ts';
import {
  type EventOf,
  type HistoryTrace,
  type InvocationTrace,
  isDirect,
  kindOf,
  type Landing,
  requestOf,
  streamOf,
} from './trace-history.ts';
import { countText, listText, ordinalText, shardText, shortenShards } from './words.ts';

/** How much an event matters to somebody who reads along. */
export type Tone = 'plain' | 'quiet' | 'write' | 'fault' | 'failure';

/** An event in words. */
export interface EventWords {
  readonly text: string;
  readonly tone: Tone;
  /** Records that it is about. */
  readonly records: readonly string[];
}

/** Says what an event is, in words that need no knowledge of the simulator. Changes of items are told by what made them. */
export function describeEvent(trace: HistoryTrace, index: number): EventWords {
  const event = trace.history[index];
  if (event === undefined) {
    throw new Error(`invariant: the history has no event ${index}`);
  }
  switch (event.type) {
    case 'record-put':
      return plain(
        `A record comes into ${event.stream}, ${shardText(event.shard)}: ${event.label}`,
        namesIn([event.label]),
      );
    case 'foreign-write':
      return event.isDone
        ? { text: `Another program writes ${event.label} to ${event.table}`, tone: 'write', records: [] }
        : quiet(`Another program finds nothing to write of ${event.label} in ${event.table}`);
    case 'program-started':
    case 'program-ended':
      return describeProgram(event);
    case 'shards-changed':
      return plain(`${event.stream}: ${shortenShards(event.text)}`);
    case 'poller-started':
      return plain(`${event.poller} starts, ${shortenShards(event.text)}`);
    case 'poller-stopped':
      return plain(`${event.poller} stops`);
    case 'checkpoint-moved':
      return describeCheckpoint(trace, event);
    case 'records-discarded':
      return {
        text: `${event.poller} gives up ${listText(event.records)}: ${event.condition}`,
        tone: 'failure',
        records: namesIn(event.records),
      };
    case 'deployed':
      return plain(`Version ${event.version} of ${event.function} is deployed: ${event.text}`);
    case 'faults-stopped':
      return plain('From here on nothing fails any more');
    case 'ended':
      return event.stuck.length === 0
        ? plain('Nothing is left to do')
        : { text: `Nothing goes on any more. ${event.stuck.join('; ')}`, tone: 'failure', records: [] };
    case 'observed':
      return quiet(`An observer reads ${listText(Object.keys(event.tables))}`);
    case 'item-changed':
      return quiet(`DynamoDB deletes an item of ${event.table}, whose time to live is over`);
    default:
      return describeWork(trace, event, index);
  }
}

function describeProgram(event: EventOf<'program-started'> | EventOf<'program-ended'>): EventWords {
  if (event.type === 'program-started') {
    const again = event.attempt > 1 ? `, for the ${ordinalText(event.attempt)} time` : '';
    return plain(`Somebody runs ${event.program}${again}: ${event.sandbox}`);
  }
  switch (event.result) {
    case 'succeeded':
      return plain(`${event.sandbox} ends: ${event.text}`);
    case 'failed':
      return failure(`${event.sandbox} fails: ${event.text}`, []);
    case 'crashed':
      return failure(`${event.sandbox} dies`, []);
  }
}

/** What sandboxes do, and what is done to them. */
function describeWork(
  trace: HistoryTrace,
  event: Extract<
    HistoryEvent,
    {
      type:
        | 'invocation-started'
        | 'invocation-ended'
        | 'request-sent'
        | 'request-landed'
        | 'reply-received'
        | 'fault';
    }
  >,
  index: number,
): EventWords {
  switch (event.type) {
    case 'invocation-started':
      return plain(describeStart(event), namesIn(event.records));
    case 'invocation-ended':
      return describeEnd(event, trace.invocations.get(event.invocation));
    case 'request-sent':
      return plain(
        `${event.sandbox} sends request ${event.request}: ${event.summary.replace(/, token .*$/, '')}`,
        recordsOf(trace, event.request),
      );
    case 'request-landed':
      return describeLanding(trace, event, index);
    case 'reply-received':
      return describeReply(trace, event);
    case 'fault': {
      const isQuiet = kindOf(event) === 'read-failed';
      return {
        text: `Fault: ${faultDescriptions[kindOf(event)]}${whereOf(event)}`,
        tone: isQuiet ? 'quiet' : 'fault',
        records: isQuiet ? [] : struckRecords(trace, event, index),
      };
    }
  }
}

function describeCheckpoint(trace: HistoryTrace, event: EventOf<'checkpoint-moved'>): EventWords {
  const stream = streamOf(event.poller);
  const record = recordAt(trace, stream, event.sequenceNumber);
  return quiet(
    `${event.poller} stores its checkpoint: ${shardText(event.shard)} is done up to ${record ?? event.sequenceNumber}`,
    record === undefined ? [] : namesIn([record]),
  );
}

function describeStart(event: EventOf<'invocation-started'>): string {
  const records = event.records.length === 0 ? 'an empty batch' : listText(event.records);
  const notes = [
    event.isCold && 'a new sandbox',
    event.attempt > 1 && `attempt ${event.attempt}`,
    event.isRedelivery && 'delivered again',
  ].filter((note) => note !== false);
  const how = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
  return isDirect(event)
    ? `${event.poller} invokes ${event.sandbox}${how}`
    : `Lambda calls ${event.sandbox} with ${records}${how}`;
}

function describeEnd(
  event: EventOf<'invocation-ended'>,
  invocation: InvocationTrace | undefined,
): EventWords {
  const labels = invocation?.started.records ?? [];
  const records = namesIn(labels);
  const batch = labels.length === 0 ? 'its batch' : listText(labels);
  switch (event.result) {
    case 'succeeded':
      return plain(`${event.sandbox} is done with ${batch}`, records);
    case 'failed':
      return failure(`${event.sandbox} fails with ${batch}: ${event.error}`, records);
    case 'timed-out':
      return failure(
        `The time of ${event.sandbox} is over: Lambda ends it, and ${batch} must be delivered again`,
        records,
      );
    case 'crashed':
      return failure(`${event.sandbox} dies, and ${batch} must be delivered again`, records);
    case 'throttled':
      return failure(`Lambda does not take ${batch}: too much at once`, records);
  }
}

function describeLanding(trace: HistoryTrace, event: EventOf<'request-landed'>, index: number): EventWords {
  const request = trace.requests.get(event.request);
  const landing = request?.landings.find((each) => each.event === index);
  const records = recordsOf(trace, event.request);
  const name = `request ${event.request}`;
  const isTold = request?.replyAt !== undefined && request.replyAt < index;
  const late = isTold ? ', long given up' : '';
  if (landing !== undefined && landing.changes.length > 0) {
    return {
      text: `DynamoDB writes ${name}${late}${addition(trace, landing)}`,
      tone: 'write',
      records: landing.records.length > 0 ? landing.records : records,
    };
  }
  const texts: Readonly<Record<string, string>> = {
    'committed (replayed)': `DynamoDB knows the token of ${name}${late}: it says "done" and writes nothing`,
    committed: `DynamoDB does ${name}${late}: it changes nothing`,
    'condition-failed': `DynamoDB refuses ${name}${late}: the guard's condition does not hold. Nothing is written`,
    conflict: `DynamoDB refuses ${name}${late}: another transaction has its items. Nothing is written`,
    'token-mismatch': `DynamoDB refuses ${name}${late}: its token was used for something else. Nothing is written`,
    'in-progress': `DynamoDB is at work on a request with the token of ${name}: it does not begin another`,
  };
  const service = serviceOf(request?.sent.summary ?? '');
  return plain(texts[event.outcome] ?? `${service} answers ${name}${late}: ${event.outcome}`, records);
}

function serviceOf(summary: string): string {
  if (summary.startsWith('Invoke ')) {
    return 'Lambda';
  }
  return /^\w+Objects? /.test(summary) ? 'S3' : 'DynamoDB';
}

/** What a landing adds to the sums. */
function addition({ countsAt }: HistoryTrace, { event, records, changes }: Landing): string {
  if (records.length === 0) {
    return `: ${countText(changes.length, 'item')}, no sum`;
  }
  const again = records.filter((record) => (countsAt.get(event)?.get(record) ?? 0) > 1);
  if (again.length === 0) {
    return `: the sums now contain ${listText(records)}`;
  }
  const others = records.filter((record) => !again.includes(record));
  return `: the sums now contain ${listText(again)} again${others.length === 0 ? '' : `, and ${listText(others)}`}`;
}

function describeReply(trace: HistoryTrace, event: EventOf<'reply-received'>): EventWords {
  const request = trace.requests.get(event.request);
  const sandbox = request?.sent.sandbox ?? 'The sandbox';
  const name = `request ${event.request}`;
  const records = recordsOf(trace, event.request);
  const faults = request?.faults ?? [];
  const outcome = event.outcome.replace(' (replayed)', '');
  switch (outcome) {
    case 'committed':
    case 'answered':
      return plain(`${sandbox} hears that ${name} is done`, records);
    case 'condition-failed':
      return plain(`${sandbox} hears that ${name} was refused by the guard`, records);
    case 'unavailable': {
      const how = faults.includes('unreadable-answer')
        ? 'cannot read the answer to'
        : faults.includes('server-error') || faults.includes('server-error-after-commit')
          ? 'gets error 500 for'
          : 'waits in vain for an answer to';
      return failure(`${sandbox} ${how} ${name}: it does not know whether it was written`, records);
    }
    default:
      return failure(`${sandbox} hears of ${name}: ${outcome}`, records);
  }
}

/** Records of the batch that a request belongs to, or of the request itself where it has landed. */
function recordsOf({ requests }: HistoryTrace, number: number): readonly string[] {
  const request = requests.get(number);
  const landed = request?.landings.flatMap(({ records }) => records) ?? [];
  return landed.length > 0 ? [...new Set(landed)] : namesIn(request?.invocation?.started.records ?? []);
}

/** What a fault is about: a request, or the batch that a poller has delivered last. */
function struckRecords(trace: HistoryTrace, event: EventOf<'fault'>, index: number): readonly string[] {
  const request = requestOf(event);
  if (request !== undefined) {
    return recordsOf(trace, request);
  }
  const last = trace.history
    .slice(0, index)
    .findLast(
      (each): each is EventOf<'invocation-started'> =>
        each.type === 'invocation-started' &&
        (event.target === `${each.poller}, ${each.shard}` || event.target === each.sandbox),
    );
  return namesIn(last?.records ?? []);
}

function whereOf(event: EventOf<'fault'>): string {
  const request = requestOf(event);
  return request === undefined ? ` (${shortenShards(event.target)})` : ` (request ${request})`;
}

function plain(text: string, records: readonly string[] = []): EventWords {
  return { text, tone: 'plain', records };
}

function quiet(text: string, records: readonly string[] = []): EventWords {
  return { text, tone: 'quiet', records };
}

function failure(text: string, records: readonly string[]): EventWords {
  return { text, tone: 'failure', records };
}
