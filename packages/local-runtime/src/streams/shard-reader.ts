import { isDeepStrictEqual } from 'node:util';
import type { ReadPosition, SourceRecord } from '@oncefold/event-source-mapping';
import { asError, isTransient, type ShardRead } from './stream-source.ts';

/** A place in a shard that stays the same whatever is written, and whatever the time is. */
export type ShardPlace = Exclude<ReadPosition, { kind: 'latest' | 'at-timestamp' }>;

/** Each place as GetShardIterator names it. */
export const ITERATOR_TYPES = {
  'trim-horizon': 'TRIM_HORIZON',
  'at-sequence-number': 'AT_SEQUENCE_NUMBER',
  'after-sequence-number': 'AFTER_SEQUENCE_NUMBER',
} as const;

/** The two requests with which a shard is read. */
export interface ShardApi {
  takeIterator(shardId: string, place: ShardPlace): Promise<string>;
  getRecords(iterator: string, limit: number): Promise<RecordsAnswer>;
  sequenceNumberOf(record: SourceRecord): string;
  /** When the stream took the record, seconds since the epoch. */
  arrivalSecondsOf(record: SourceRecord): number;
  /** True for a shard that takes no more records, as far as the last listing knows. */
  isClosed(shardId: string): boolean;
}

/** GetRecords of either service. */
export interface RecordsAnswer {
  readonly records: readonly SourceRecord[];
  /** How many records the stream gave, those that were left out included. */
  readonly seen: number;
  /** Absent at the end of a closed shard. */
  readonly nextIterator: string | undefined;
  readonly millisBehindLatest?: number | undefined;
}

export type ShardReader = (shardId: string, position: ReadPosition, limit: number) => Promise<ShardRead>;

interface Cursor {
  /** What the mapping asks for. */
  readonly position: ReadPosition;
  /** Where that is: an iterator that goes bad is taken anew here. */
  readonly place: ShardPlace;
  readonly iterator: string;
}

/** Pages that one read passes over; an engine of one's own holds no more than memory does. */
const PAGES_MAX = 10_000;
const SEARCH_PAGE_RECORDS = 1_000;

/**
 * Makes a reader that looks after iterators.
 *
 * LATEST and AT_TIMESTAMP are found by reading the shard from its beginning, once: LATEST is after the last record that
 * is there, AT_TIMESTAMP before the first record that arrived at that time or later. So both are places among the
 * records, which last, unlike an iterator, and do not depend on a clock. Local engines cannot be asked for either:
 * kinesalite never answers AT_TIMESTAMP where no record has arrived since, and on DynamoDB Local LATEST goes bad.
 *
 * An iterator moves on only past records that were seen: after an empty answer the same iterator is used again. Local
 * engines put the present time, or nothing, into the next iterator of an empty answer, and a record that is being
 * written at that moment could be passed by. An iterator that went bad (expired, or taken on DynamoDB Local before
 * the shard's first record) is taken anew for the same place, once per read.
 *
 * This is for local engines only: on AWS a shard may hold more than can be read at the start, and an open, sparse shard of
 * DynamoDB Streams could return empty pages forever, because an empty answer without MillisBehindLatest says
 * nothing about the records further on.
 */
export function createShardReader(api: ShardApi): ShardReader {
  const cursors = new Map<string, Cursor>();

  return async (shardId, position, limit) => {
    const kept = cursors.get(shardId);
    let place: ShardPlace | undefined;
    try {
      if (kept !== undefined && isDeepStrictEqual(kept.position, position)) {
        place = kept.place;
      } else {
        place = await find(shardId, position);
        await take(shardId, { position, place });
      }
      const { records, nextIterator, millisBehindLatest } = await read(shardId, limit);
      return { code: 'records', records, isEndOfShard: nextIterator === undefined, millisBehindLatest };
    } catch (thrown) {
      return failedRead(place, asError(thrown));
    }
  };

  /** Reads on over pages of which all records are left out: an answer without records means that there are none now. */
  async function read(shardId: string, limit: number): Promise<RecordsAnswer> {
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const answer = await readPage(shardId, limit);
      if (answer.records.length > 0 || answer.seen === 0 || answer.nextIterator === undefined) {
        return answer;
      }
    }
    throw tooManyPages(shardId);
  }

  async function readPage(shardId: string, limit: number): Promise<RecordsAnswer> {
    let cursor = cursors.get(shardId) as Cursor;
    let answer: RecordsAnswer;
    try {
      answer = await api.getRecords(cursor.iterator, limit);
    } catch (thrown) {
      if (!isBadIterator(asError(thrown))) {
        throw thrown;
      }
      cursor = await take(shardId, cursor);
      answer = await api.getRecords(cursor.iterator, limit);
    }
    move(shardId, cursor, answer);
    return answer;
  }

  async function take(
    shardId: string,
    { position, place }: Pick<Cursor, 'position' | 'place'>,
  ): Promise<Cursor> {
    const cursor = { position, place, iterator: await api.takeIterator(shardId, place) };
    cursors.set(shardId, cursor);
    return cursor;
  }

  async function find(shardId: string, position: ReadPosition): Promise<ShardPlace> {
    switch (position.kind) {
      case 'latest':
        return findFirst(shardId, () => false);
      case 'at-timestamp':
        return findFirst(shardId, (record) => api.arrivalSecondsOf(record) >= position.timestampSeconds);
      default:
        return position;
    }
  }

  /** The place before the first record that is wanted; after the last record if none is. */
  async function findFirst(
    shardId: string,
    isWanted: (record: SourceRecord) => boolean,
  ): Promise<ShardPlace> {
    let place: ShardPlace = { kind: 'trim-horizon' };
    let iterator = await api.takeIterator(shardId, place);
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const answer = await api.getRecords(iterator, SEARCH_PAGE_RECORDS);
      const { records, seen, nextIterator, millisBehindLatest = 0 } = answer;
      const index = records.findIndex(isWanted);
      const last = index < 0 ? records.at(-1) : records[index - 1];
      if (last !== undefined) {
        place = { kind: 'after-sequence-number', sequenceNumber: api.sequenceNumberOf(last) };
      }
      if (index >= 0 || nextIterator === undefined || (seen === 0 && millisBehindLatest === 0)) {
        return place;
      }
      iterator = nextIterator;
    }
    throw tooManyPages(shardId);
  }

  function move(shardId: string, cursor: Cursor, answer: RecordsAnswer): void {
    const { records, seen, nextIterator, millisBehindLatest = 0 } = answer;
    const last = records.at(-1);
    if (nextIterator === undefined) {
      cursors.delete(shardId);
    } else if (last !== undefined) {
      const position = {
        kind: 'after-sequence-number',
        sequenceNumber: api.sequenceNumberOf(last),
      } as const;
      cursors.set(shardId, { position, place: position, iterator: nextIterator });
    } else if (seen > 0 || millisBehindLatest > 0 || api.isClosed(shardId)) {
      // The position that is asked for next stays the same.
      cursors.set(shardId, { ...cursor, iterator: nextIterator });
    }
  }
}

function failedRead(place: ShardPlace | undefined, error: Error): ShardRead {
  if (error.name === 'TrimmedDataAccessException') {
    // Nothing is older than the trim horizon: there the failure is the engine's, and passes.
    const isGone = place !== undefined && place.kind !== 'trim-horizon';
    return { code: isGone ? 'trimmed' : 'unavailable', error };
  }
  if (isBadIterator(error) || isTransient(error)) {
    return { code: 'unavailable', error };
  }
  throw error;
}

function isBadIterator(error: Error): boolean {
  return error.name === 'ExpiredIteratorException' || error.name === 'TrimmedDataAccessException';
}

function tooManyPages(shardId: string): Error {
  return new Error(`${shardId} has more than ${PAGES_MAX} pages of records that are passed over`);
}
