import { isDeepStrictEqual } from 'node:util';
import type { ReadPosition, SourceRecord } from '@oncefold/event-source-mapping';
import { asError, isTransient, type ShardRead } from './stream-source.ts';

/** Each position as GetShardIterator names it. */
export const ITERATOR_TYPES = {
  'trim-horizon': 'TRIM_HORIZON',
  latest: 'LATEST',
  'at-timestamp': 'AT_TIMESTAMP',
  'at-sequence-number': 'AT_SEQUENCE_NUMBER',
  'after-sequence-number': 'AFTER_SEQUENCE_NUMBER',
} as const;

/** The two requests with which a shard is read. */
export interface ShardApi {
  takeIterator(shardId: string, position: ReadPosition): Promise<string>;
  getRecords(iterator: string, limit: number): Promise<RecordsAnswer>;
  sequenceNumberOf(record: SourceRecord): string;
  /** True for a shard that takes no more records, as far as the last listing knows. */
  isClosed(shardId: string): boolean;
  /** True where an iterator can be taken at a time, so that LATEST can be found again. */
  readonly hasTimestamps: boolean;
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

interface Place {
  /** The position that the iterator stands for. */
  readonly position: ReadPosition;
  readonly iterator: string;
  /** Where to take an iterator when this one goes bad; it names a place, which LATEST does not. */
  readonly anchor: ReadPosition;
}

/** Pages of a shard that are read to find its end; an engine of one's own holds no more than memory does. */
const END_PAGES_MAX = 10_000;
const END_PAGE_RECORDS = 1_000;

/**
 * Makes a reader that looks after iterators.
 *
 * An iterator moves on only past records that were seen: after an empty answer the same iterator is used again. Local
 * engines put the present time, or nothing, into the next iterator of an empty answer, and a record that is being
 * written at that moment could be passed by. An iterator that went bad (expired, or taken on DynamoDB Local before
 * the shard's first record) is taken anew for the same position, once per read. LATEST is found again where it was:
 * by its time, or, where a stream cannot be read from a time, after the record that was the last one then.
 *
 * So positions depend on records alone, not on the engine's clock or the moment of a read. This is for local engines
 * only: on AWS an open, sparse shard of DynamoDB Streams could return empty pages forever, because an empty answer
 * without MillisBehindLatest says nothing about the records further on.
 */
export function createShardReader(api: ShardApi): ShardReader {
  const places = new Map<string, Place>();

  return async (shardId, position, limit) => {
    const kept = places.get(shardId);
    const place = kept !== undefined && isDeepStrictEqual(kept.position, position) ? kept : undefined;
    try {
      const answer = await read(shardId, position, limit, place);
      const { records, nextIterator, millisBehindLatest } = answer;
      return { code: 'records', records, isEndOfShard: nextIterator === undefined, millisBehindLatest };
    } catch (thrown) {
      return failedRead(position, asError(thrown));
    }
  };

  async function read(
    shardId: string,
    position: ReadPosition,
    limit: number,
    kept: Place | undefined,
  ): Promise<RecordsAnswer> {
    let place = kept ?? (await take(shardId, position, await anchorOf(shardId, position)));
    let answer: RecordsAnswer;
    try {
      answer = await api.getRecords(place.iterator, limit);
    } catch (thrown) {
      const error = asError(thrown);
      if (kept === undefined || !isBadIterator(error)) {
        throw error;
      }
      place = await take(shardId, position, kept.anchor);
      answer = await api.getRecords(place.iterator, limit);
    }
    move(shardId, place, answer);
    return answer;
  }

  /** Kept at once: LATEST must not be taken a second time when the first read fails. */
  async function take(shardId: string, position: ReadPosition, anchor: ReadPosition): Promise<Place> {
    const isFirst = position.kind === 'latest' && anchor.kind === 'at-timestamp' && !places.has(shardId);
    const iterator = await api.takeIterator(shardId, isFirst ? position : anchor);
    const place: Place = { position, iterator, anchor };
    places.set(shardId, place);
    return place;
  }

  /** LATEST is a moment: where iterators can be taken at a time, that; else the last record that is there now. */
  async function anchorOf(shardId: string, position: ReadPosition): Promise<ReadPosition> {
    if (position.kind !== 'latest') {
      return position;
    }
    if (api.hasTimestamps) {
      return { kind: 'at-timestamp', timestampSeconds: Date.now() / 1_000 };
    }
    let end: ReadPosition = { kind: 'trim-horizon' };
    let iterator: string | undefined = await api.takeIterator(shardId, end);
    for (let page = 0; page < END_PAGES_MAX && iterator !== undefined; page += 1) {
      const answer = await api.getRecords(iterator, END_PAGE_RECORDS);
      if (answer.seen === 0) {
        return end;
      }
      const last = answer.records.at(-1);
      if (last !== undefined) {
        end = { kind: 'after-sequence-number', sequenceNumber: api.sequenceNumberOf(last) };
      }
      iterator = answer.nextIterator;
    }
    if (iterator === undefined) {
      return end;
    }
    throw new Error(`${shardId} has more records than are read to find its end`);
  }

  function move(shardId: string, place: Place, answer: RecordsAnswer): void {
    const { records, seen, nextIterator, millisBehindLatest = 0 } = answer;
    const last = records.at(-1);
    if (nextIterator === undefined) {
      places.delete(shardId);
    } else if (seen > 0 || millisBehindLatest > 0 || api.isClosed(shardId)) {
      // Where records were seen and left out, the position that is asked for next stays the same.
      const position: ReadPosition =
        last === undefined
          ? place.position
          : { kind: 'after-sequence-number', sequenceNumber: api.sequenceNumberOf(last) };
      const anchor = last === undefined ? place.anchor : position;
      places.set(shardId, { position, iterator: nextIterator, anchor });
    }
  }
}

function failedRead(position: ReadPosition, error: Error): ShardRead {
  if (error.name === 'TrimmedDataAccessException') {
    // Nothing is older than the trim horizon: there the failure is the engine's, and passes.
    return { code: position.kind.endsWith('-sequence-number') ? 'trimmed' : 'unavailable', error };
  }
  if (isBadIterator(error) || isTransient(error)) {
    return { code: 'unavailable', error };
  }
  throw error;
}

function isBadIterator(error: Error): boolean {
  return error.name === 'ExpiredIteratorException' || error.name === 'TrimmedDataAccessException';
}
