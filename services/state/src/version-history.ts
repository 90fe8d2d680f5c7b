import { hash } from 'node:crypto';
import type { StateImage } from '@oncefold/trades';

/**
 * How many entries the history of a trade has. The entry of a version is replaced when the version that is this many higher is
 * written.
 *
 * An entry takes about 70 bytes and only versions that were written have one, so that an item of the usual size stays
 * below 1 KB, which is one write unit.
 */
export const HISTORY_MAX = 8;

/** 72 bits distinguish the payloads of one version, 48 bits the shards that write one trade. */
const PAYLOAD_HASH_LENGTH = 12;
const SHARD_HASH_LENGTH = 8;

const ENTRY = /^(\d{1,16}):([\w-]{8}):([\da-z]{1,84}):(\d{1,10}):([\w-]{12})$/;

/** Which records wrote the last versions of a trade, as texts, each at its {@link historySlot}. */
export type VersionHistory = readonly (string | undefined)[];

/** Names a record in few characters, and says where in its shard it is. */
export interface RecordReference {
  /** {@link shardHash} of the shard's identity. */
  readonly shard: string;
  /** The sequence number in base 36, without leading zeros. */
  readonly sequence: string;
  readonly subSequence: number;
}

export interface HistoryEntry {
  readonly version: number;
  /** The record that wrote the version. */
  readonly reference: RecordReference;
  readonly payloadHash: string;
}

/** @param shardKey - the shard's identity as one text */
export function shardHash(shardKey: string): string {
  return hash('sha256', shardKey, 'base64url').slice(0, SHARD_HASH_LENGTH);
}

/** Equal for two versions whose value and hierarchy are equal. */
export function payloadHash({ Value, Hierarchy }: StateImage): string {
  return hash('sha256', `${Value} ${Hierarchy}`, 'base64url').slice(0, PAYLOAD_HASH_LENGTH);
}

/** Index of a version's entry; successive versions have different ones. */
export function historySlot(version: number): number {
  return version % HISTORY_MAX;
}

/** Writes the entry of a version, which is stored with the version and stays with the trade when that is replaced. */
export function formatHistoryEntry(image: StateImage, reference: RecordReference): string {
  const { shard, sequence, subSequence } = reference;
  return `${image.Version}:${shard}:${sequence}:${subSequence}:${payloadHash(image)}`;
}

/** Leaves out texts that are no entries: any program may have written them. */
export function parseHistory(history: VersionHistory): HistoryEntry[] {
  return history.flatMap((text) => {
    const [, version, shard, sequence, subSequence, payload] = ENTRY.exec(text ?? '') ?? [];
    if (shard === undefined || sequence === undefined || payload === undefined) {
      return [];
    }
    const reference = { shard, sequence, subSequence: Number(subSequence) };
    return [{ version: Number(version), reference, payloadHash: payload }];
  });
}

export function isSameRecord(a: RecordReference, b: RecordReference): boolean {
  return a.shard === b.shard && a.sequence === b.sequence && a.subSequence === b.subSequence;
}

/** Says whether `a` comes after `b` in the same shard. */
export function isLater(a: RecordReference, b: RecordReference): boolean {
  if (a.shard !== b.shard) {
    return false;
  }
  if (a.sequence.length !== b.sequence.length) {
    return a.sequence.length > b.sequence.length;
  }
  return a.sequence === b.sequence ? a.subSequence > b.subSequence : a.sequence > b.sequence;
}
