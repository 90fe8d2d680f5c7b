import { hash } from 'node:crypto';
import type { StateImage } from '@oncefold/trades';

/**
 * How many marks a trade keeps. The mark of a version is replaced when the version that is this many higher is written.
 *
 * A mark takes about 70 bytes and only versions that were written have one, so that an item of the usual size stays
 * below 1 KB, which is one write unit.
 */
export const MARKS_MAX = 8;

/** 72 bits distinguish the payloads of one version, 48 bits the shards that write one trade. */
const PAYLOAD_HASH_LENGTH = 12;
const SHARD_HASH_LENGTH = 8;

const MARK = /^(\d{1,16}):([\w-]{8}):([\da-z]{1,84}):(\d{1,10}):([\w-]{12})$/;

/** The marks of one trade, each at its {@link markSlot}; a slot that was never used is undefined. */
export type AppliedMarks = readonly (string | undefined)[];

/** A record's place among the records of its shard, in few characters. */
export interface RecordPlace {
  /** Stands for the shard, with its stream, consumer and namespace. */
  readonly shard: string;
  /** The sequence number in base 36, without leading zeros. */
  readonly sequence: string;
  readonly subSequence: number;
}

/** What a mark says: who wrote a version of a trade, and what. */
export interface AppliedVersion {
  readonly version: number;
  readonly place: RecordPlace;
  /** Stands for value and hierarchy. */
  readonly payload: string;
}

/**
 * Stands for a shard in marks.
 *
 * @param shardKey - the shard's identity as one text
 */
export function shardHash(shardKey: string): string {
  return hash('sha256', shardKey, 'base64url').slice(0, SHARD_HASH_LENGTH);
}

/**
 * Stands for what a version says: equal for two versions whose value and hierarchy are equal.
 *
 * @param image - the version as it is stored
 */
export function payloadHash({ Value, Hierarchy }: StateImage): string {
  return hash('sha256', `${Value} ${Hierarchy}`, 'base64url').slice(0, PAYLOAD_HASH_LENGTH);
}

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
 * Writes the mark of a version. It is stored with the version and stays with the trade when the version is replaced.
 *
 * @param image - the version as it is stored
 * @param place - the place of the record that brings it
 */
export function appliedMark(image: StateImage, { shard, sequence, subSequence }: RecordPlace): string {
  return `${image.Version}:${shard}:${sequence}:${subSequence}:${payloadHash(image)}`;
}

/**
 * Reads the marks of a trade.
 *
 * @param marks - as they are stored; text that is none is left out
 */
export function readMarks(marks: AppliedMarks): AppliedVersion[] {
  return marks.flatMap((text) => {
    const [, version, shard, sequence, subSequence, payload] = MARK.exec(text ?? '') ?? [];
    if (shard === undefined || sequence === undefined || payload === undefined) {
      return [];
    }
    const place = { shard, sequence, subSequence: Number(subSequence) };
    return [{ version: Number(version), place, payload }];
  });
}

/** Says whether two places are the same record. */
export function isSamePlace(a: RecordPlace, b: RecordPlace): boolean {
  return a.shard === b.shard && a.sequence === b.sequence && a.subSequence === b.subSequence;
}

/** Says whether one record comes after another in the same shard. */
export function isBehind(a: RecordPlace, b: RecordPlace): boolean {
  if (a.shard !== b.shard) {
    return false;
  }
  if (a.sequence.length !== b.sequence.length) {
    return a.sequence.length > b.sequence.length;
  }
  return a.sequence === b.sequence ? a.subSequence > b.subSequence : a.sequence > b.sequence;
}
