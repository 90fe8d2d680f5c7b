import { hash } from 'node:crypto';
import { type Trade, tradeToItem } from '@oncefold/reducer';

/**
 * How many marks a trade keeps. The mark of a version is replaced when the version that is this many higher is written.
 *
 * A mark takes less than 40 bytes and only versions that were written have one, so that an item of the usual size
 * stays below 1 KB, which is one write unit.
 */
export const MARKS_MAX = 8;

/** 72 bits: far more than needed to distinguish the records of one trade. */
const HASH_LENGTH = 12;

const MARK = /^(\d{1,16}):([\w-]{12}):([\w-]{12})$/;

/** The marks of one trade, each at its {@link markSlot}; a slot that was never used is undefined. */
export type AppliedMarks = readonly (string | undefined)[];

/** What the marks of a trade say about a version that is lower than the one in the table. */
export type EarlierVersion =
  /** This very record wrote it. */
  | 'own'
  /** Another record wrote it, with the same payload. */
  | 'same-payload'
  /** Another record wrote it, with another payload. */
  | 'other-payload'
  /** Nobody wrote it. */
  | 'never-written'
  /** Its mark has been replaced by that of a higher version. */
  | 'forgotten';

/**
 * Says where the mark of a version is kept.
 *
 * @param version - an integer from 0
 * @returns 0 up to {@link MARKS_MAX} - 1; successive versions have different slots
 */
export function markSlot(version: number): number {
  return version % MARKS_MAX;
}

/**
 * Says in a few bytes which record wrote a version of a trade, and what it wrote.
 *
 * It is written with the version and stays with the trade when the version is replaced.
 *
 * @param trade - the version
 * @param recordKey - the identity of the record that brings it
 */
export function appliedMark(trade: Trade, recordKey: string): string {
  const { Value, Hierarchy } = tradeToItem(trade);
  return `${trade.version}:${shortHash(recordKey)}:${shortHash(`${Value} ${Hierarchy}`)}`;
}

/**
 * Finds out what became of a version that is lower than the one in the table.
 *
 * @param trade - the version that arrived
 * @param recordKey - the identity of the record that brought it
 * @param marks - the marks of the trade in the table
 */
export function findEarlierVersion(trade: Trade, recordKey: string, marks: AppliedMarks): EarlierVersion {
  const [, version, record, payload] = MARK.exec(marks[markSlot(trade.version)] ?? '') ?? [];
  if (version === undefined || Number(version) < trade.version) return 'never-written';
  if (Number(version) > trade.version) return 'forgotten';
  const [, ownRecord, ownPayload] = appliedMark(trade, recordKey).split(':');
  if (record === ownRecord) return 'own';
  return payload === ownPayload ? 'same-payload' : 'other-payload';
}

function shortHash(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, HASH_LENGTH);
}
