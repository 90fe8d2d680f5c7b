import { namesIn } from './count-records.ts';
import { type HistoryTrace, placeOf } from './trace-history.ts';
import { shardText } from './words.ts';

/** What an item of a guard says. */
export type GuardItem =
  /** Everything up to a sequence number is counted; '' before the first record. */
  | {
      readonly code: 'position';
      readonly stream: string;
      readonly shard: string;
      readonly sequenceNumber: string;
      readonly subSequenceNumber: number;
    }
  /** One record is counted. */
  | { readonly code: 'marker'; readonly stream: string; readonly id: string }
  /** The shard has a position. */
  | { readonly code: 'start'; readonly stream: string; readonly shard: string };

/** Reads an item of `ledger` or `checkpoint`: its key names the stream by its ARN. */
export function guardItemOf(item: string, text: string): GuardItem | undefined {
  const [, stream, rest = ''] = /#arn:[^#]*:(?:stream|table)\/([^/#]+)[^#]*#(.+)$/.exec(item) ?? [];
  if (stream === undefined) {
    return undefined;
  }
  const [, position] = /^SequenceNumber (\S+)/.exec(text) ?? [];
  if (position !== undefined) {
    return { code: 'position', stream, shard: rest, ...placeIn(position) };
  }
  return rest.endsWith('#start')
    ? { code: 'start', stream, shard: rest.slice(0, -'#start'.length) }
    : { code: 'marker', stream, id: rest };
}

/** The record at a sequence number; undefined where there is none. */
export function recordAt(
  { labels }: HistoryTrace,
  stream: string,
  sequenceNumber: string,
): string | undefined {
  return labels.get(placeOf(stream, sequenceNumber));
}

/** The record that a marker marks, by the sequence number at the end of its id. */
export function markedRecord(
  trace: HistoryTrace,
  { stream, id }: GuardItem & { code: 'marker' },
): string | undefined {
  if (trace.puts.has(id)) {
    return id;
  }
  const [, sequenceNumber = '', subSequenceNumber] = /(?::|event-)(\d+)(?::(\d+))?$/.exec(id) ?? [];
  const label = recordAt(trace, stream, sequenceNumber);
  return label === undefined ? undefined : namesIn([label])[Number(subSequenceNumber ?? 0)];
}

/** In words, for the state beside a timeline. */
export function guardText(trace: HistoryTrace, guard: GuardItem): string {
  switch (guard.code) {
    case 'position': {
      const record = recordAt(trace, guard.stream, guard.sequenceNumber);
      const upTo =
        guard.sequenceNumber === '' ? 'nothing counted yet' : `counted up to ${guard.sequenceNumber}`;
      return `${guard.stream}, ${shardText(guard.shard)}: ${upTo}${record === undefined ? '' : ` (${record})`}`;
    }
    case 'marker': {
      const record = markedRecord(trace, guard);
      return record === undefined ? `${guard.stream}, ${guard.id}: counted` : `${record} is counted`;
    }
    case 'start':
      return `${guard.stream}, ${shardText(guard.shard)}: started`;
  }
}

/** A position is padded with zeros, so that the order of texts is the order of numbers. */
function placeIn(position: string): { readonly sequenceNumber: string; readonly subSequenceNumber: number } {
  const [sequenceNumber = '', subSequenceNumber] = position.split('.');
  return {
    sequenceNumber: sequenceNumber.replace(/^0+/, ''),
    subSequenceNumber: Number(subSequenceNumber ?? 0),
  };
}
