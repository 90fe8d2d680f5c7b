import { sizeOf } from './assert-sendable.ts';
import type { Effect, RecordRefusal } from './effect.ts';
import { RecordTooLargeError, WriteRefusedError } from './errors.ts';
import { mergeWrites, type WritesByItem } from './merge-writes.ts';
import type { CommitRecord, Strategy } from './strategy.ts';
import { ACTIONS_MAX } from './transaction-port.ts';

/**
 * Bytes of the records' own writes in one transaction. The store takes 4 MB in all; what is left is far more than
 * 100 keys of 2,048 bytes and a row of sums need.
 */
export const WRITE_BYTES_MAX = 2_500_000;

/** Bytes of what the effect makes of a group's keys; a row of sums must stay below the 400 kB of an item. */
const EFFECT_BYTES_MAX = 350_000;

/**
 * Changes of values with 18 integer digits sum up to less than 10^22 then, and so many of such sums to less than the 10^26 that a
 * sum may have.
 */
const RECORDS_MAX = 5_000;

/** The longest prefix of records that fits into one transaction. */
export interface Prefix {
  readonly records: readonly CommitRecord[];
  /** Their own writes, merged. */
  readonly writes: WritesByItem;
}

/** What a prefix must fit into. */
export interface Limits {
  readonly effect: Effect;
  readonly strategy: Strategy;
  /** The record's place in the batch, for errors. */
  readonly indexOf: (record: CommitRecord) => number;
}

/**
 * Takes the longest prefix of records that fits into one transaction with its guard.
 *
 * A record is never cut: all its keys are in the group or none, so that parent = sum of children holds after every commit. A
 * write that contradicts one of an earlier record begins a new group, so that both are made, in order.
 *
 * @param records - at least one, in the order of their shard
 * @returns the prefix, at least one record
 * @throws {@link RecordTooLargeError} when the first record does not fit alone
 * @throws {@link WriteRefusedError} when the first record's own writes contradict each other
 */
export function cutPrefix(records: readonly CommitRecord[], limits: Limits): Prefix {
  const { effect, strategy } = limits;
  const keys = new Set<string>();
  let effectBytes = 0;
  let writes: WritesByItem = new Map();
  for (const [index, record] of records.entries()) {
    if (index === RECORDS_MAX) {
      return { records: records.slice(0, index), writes };
    }
    for (const key of record.contribution.keys()) {
      if (!keys.has(key)) {
        effectBytes += effect.bytesOf(key);
        keys.add(key);
      }
    }
    const merged = mergeWrites(writes, record.writes ?? []);
    if (merged.code === 'contradiction') {
      if (index > 0) {
        return { records: records.slice(0, index), writes };
      }
      throw new WriteRefusedError('two writes of one record are on one item and contradict each other', {
        recordIndex: limits.indexOf(record),
        action: merged.write,
      });
    }
    const size = {
      keys: keys.size,
      actions: strategy.guardSize(index + 1) + effect.actionCount(keys.size) + merged.writes.size,
      effectBytes,
      writeBytes: merged.writes === writes ? 0 : bytesOf(merged.writes),
    };
    if (!fits(size, effect)) {
      if (index > 0) {
        return { records: records.slice(0, index), writes };
      }
      throw tooLarge(size, limits);
    }
    writes = merged.writes;
  }
  return { records, writes };
}

/** @returns why no transaction takes a record even alone; undefined: one does */
export function whyNotAlone(record: CommitRecord, limits: Limits): RecordRefusal | undefined {
  try {
    cutPrefix([record], limits);
    return undefined;
  } catch (error) {
    if (error instanceof RecordTooLargeError) {
      return { code: error.code, reason: error.message };
    }
    if (error instanceof WriteRefusedError) {
      return { code: 'contradicting-writes', reason: error.message };
    }
    throw error;
  }
}

interface Size {
  readonly keys: number;
  readonly actions: number;
  readonly effectBytes: number;
  readonly writeBytes: number;
}

function fits(size: Size, effect: Effect): boolean {
  return (
    size.keys <= effect.keysMax &&
    size.actions <= ACTIONS_MAX &&
    size.effectBytes <= EFFECT_BYTES_MAX &&
    size.writeBytes <= WRITE_BYTES_MAX
  );
}

function tooLarge(size: Size, { effect, strategy }: Limits): RecordTooLargeError {
  if (size.writeBytes > WRITE_BYTES_MAX) {
    return new RecordTooLargeError(
      'the writes of one record are too large for a transaction; preparatoryWrites may be larger',
      { actual: size.writeBytes, limit: WRITE_BYTES_MAX },
    );
  }
  if (size.effectBytes > EFFECT_BYTES_MAX) {
    return new RecordTooLargeError('the aggregate keys of one record have too many bytes', {
      actual: size.effectBytes,
      limit: EFFECT_BYTES_MAX,
    });
  }
  if (size.keys <= effect.keysMax && effect.actionCount(size.keys) + strategy.guardSize(1) <= ACTIONS_MAX) {
    return new RecordTooLargeError(
      'one record has more aggregate keys and writes than a transaction can hold beside its guard',
      { actual: size.actions, limit: ACTIONS_MAX },
    );
  }
  return new RecordTooLargeError(
    'one record has more aggregate keys than a transaction can hold beside its guard',
    { actual: size.keys, limit: Math.min(effect.keysMax, ACTIONS_MAX - strategy.guardSize(1)) },
  );
}

function bytesOf(writes: WritesByItem): number {
  let bytes = 0;
  for (const write of writes.values()) {
    bytes += sizeOf(write);
  }
  return bytes;
}
