import type { ReadPosition, SourceRecord } from '@oncefold/event-source-mapping';
import { asError, isPassing, type ShardRead } from './stream-source.ts';

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

/** GetRecords, in the words of either service. */
export interface RecordsAnswer {
  readonly records: readonly SourceRecord[];
  /** How many records the stream gave, those that were left out included. */
  readonly seen: number;
  /** Absent at the end of a closed shard. */
  readonly nextIterator: string | undefined;
  readonly millisBehindLatest?: number | undefined;
}

/** Reads shards and keeps an iterator for each. */
export type ShardReader = (shardId: string, position: ReadPosition, limit: number) => Promise<ShardRead>;

interface Place {
  /** The position that the iterator stands for. */
  readonly position: ReadPosition;
  readonly iterator: string;
  /** When the iterator was first taken, milliseconds since the epoch. */
  readonly takenAtMs: number;
}

/**
 * Makes a reader that looks after iterators.
 *
 * An iterator moves on only past records that were seen: after an empty answer the same iterator is used again. Local
 * engines put the present time, or nothing, into the next iterator of an empty answer, and a record that is being
 * written at that moment could be passed by. An iterator that went bad (expired, or taken on DynamoDB Local before
 * the shard's first record) is taken anew for the same position, once per read.
 */
export function createShardReader(api: ShardApi): ShardReader {
  const places = new Map<string, Place>();

  return async (shardId, position, limit) => {
    const kept = places.get(shardId);
    const place = kept !== undefined && isSamePosition(kept.position, position) ? kept : undefined;
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
    let place = kept ?? (await take(shardId, position, position, Date.now()));
    let answer: RecordsAnswer;
    try {
      answer = await api.getRecords(place.iterator, limit);
    } catch (thrown) {
      const error = asError(thrown);
      if (kept === undefined || !isBadIterator(error)) throw error;
      place = await take(shardId, position, replacement(kept, error), kept.takenAtMs);
      answer = await api.getRecords(place.iterator, limit);
    }
    move(shardId, place, answer);
    return answer;
  }

  /** Kept at once: LATEST must not be taken a second time when the first read fails. */
  async function take(
    shardId: string,
    position: ReadPosition,
    from: ReadPosition,
    takenAtMs: number,
  ): Promise<Place> {
    const place: Place = { position, iterator: await api.takeIterator(shardId, from), takenAtMs };
    places.set(shardId, place);
    return place;
  }

  /** Where to take an iterator in place of one that went bad. */
  function replacement({ position, takenAtMs }: Place, error: Error): ReadPosition {
    if (position.kind !== 'latest') return position;
    if (api.hasTimestamps) return { kind: 'at-timestamp', timestampSeconds: takenAtMs / 1_000 };
    // The shard was empty when the iterator was taken, and all that is in it now came afterwards.
    if (error.name === 'TrimmedDataAccessException') return { kind: 'trim-horizon' };
    throw new Error('The place of LATEST is lost: its iterator expired before a record came', {
      cause: error,
    });
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
      places.set(shardId, { ...place, position, iterator: nextIterator });
    }
  }
}

function failedRead(position: ReadPosition, error: Error): ShardRead {
  if (error.name === 'TrimmedDataAccessException') {
    // Nothing is older than the trim horizon: there the failure is the engine's, and passes.
    return { code: position.kind.endsWith('-sequence-number') ? 'trimmed' : 'unavailable', error };
  }
  if (isBadIterator(error) || isPassing(error)) return { code: 'unavailable', error };
  throw error;
}

function isBadIterator(error: Error): boolean {
  return error.name === 'ExpiredIteratorException' || error.name === 'TrimmedDataAccessException';
}

function isSamePosition(a: ReadPosition, b: ReadPosition): boolean {
  switch (a.kind) {
    case 'trim-horizon':
    case 'latest':
      return a.kind === b.kind;
    case 'at-timestamp':
      return a.kind === b.kind && a.timestampSeconds === b.timestampSeconds;
    case 'at-sequence-number':
    case 'after-sequence-number':
      return a.kind === b.kind && a.sequenceNumber === b.sequenceNumber;
  }
}
