import { namesIn } from './count-records.ts';
import { type GuardItem, guardItemOf, markedRecord } from './guards.ts';
import type { EventOf, HistoryTrace, RequestTrace } from './trace-history.ts';
import { shardText } from './words.ts';

/** The first write after which an item of a guard says that a record is counted. */
export interface Passage {
  /** Index of the event of the write: what people step to. */
  readonly event: number;
  readonly request: RequestTrace | undefined;
  /** The item, by table and key, as requests name it. */
  readonly item: string;
  /** What was done to it, in words. */
  readonly what: string;
  /** The same write added the record to sums. */
  readonly isCounted: boolean;
}

/** Finds every guard that says that a record is counted, in the order in which they began to say so. */
export function passagesOf(
  trace: HistoryTrace,
  record: string,
  put: EventOf<'record-put'>,
): readonly Passage[] {
  const passages = new Map<string, Passage>();
  for (const [index, event] of trace.history.entries()) {
    if (event.type !== 'item-changed') {
      continue;
    }
    const item = `${event.table}/${event.item}`;
    const guard = guardItemOf(event.item, event.text);
    const what = guard?.stream === put.stream ? passing(trace, guard, record, put) : undefined;
    if (what !== undefined && event.text !== 'deleted' && !passages.has(item)) {
      passages.set(item, { ...writeOf(trace, index, record), item, what });
    }
  }
  return [...passages.values()];
}

/** Whether a place is that of a record, or behind it. */
export function isAtOrAfter(sequenceNumber: string, put: EventOf<'record-put'>): boolean {
  return sequenceNumber !== '' && BigInt(sequenceNumber) >= BigInt(put.sequenceNumber);
}

function passing(
  trace: HistoryTrace,
  guard: GuardItem,
  record: string,
  put: EventOf<'record-put'>,
): string | undefined {
  if (guard.code === 'position' && guard.shard === put.shard && hasPassed(guard, record, put)) {
    const where = guard.sequenceNumber === put.sequenceNumber ? 'that of' : 'past';
    return `set the position of ${shardText(guard.shard)} to ${guard.sequenceNumber}, which is ${where} ${record}`;
  }
  return guard.code === 'marker' && markedRecord(trace, guard) === record
    ? `marked ${record} as counted`
    : undefined;
}

function writeOf(
  trace: HistoryTrace,
  index: number,
  record: string,
): Pick<Passage, 'event' | 'request' | 'isCounted'> {
  for (const request of trace.requests.values()) {
    const landing = request.landings.find(({ changes }) => changes.includes(index));
    if (landing !== undefined) {
      return { event: landing.event, request, isCounted: landing.records.includes(record) };
    }
  }
  return { event: index, request: undefined, isCounted: false };
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
