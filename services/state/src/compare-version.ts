import { isSamePayload, type Trade } from '@oncefold/reducer';
import {
  type AppliedMarks,
  isBehind,
  isSamePlace,
  payloadHash,
  type RecordPlace,
  readMarks,
} from './applied-marks.ts';
import type { StoredVersion } from './state-store.ts';

/** A version of a trade, and the record that brought it. */
export interface ArrivedVersion {
  readonly trade: Trade;
  /** The record's identity as one text. */
  readonly recordKey: string;
  /** How tables that were written before identities had a namespace name the record; absent if they cannot hold it. */
  readonly formerRecordKey?: string | undefined;
  readonly place: RecordPlace;
}

/**
 * How a version compares with the one in the table; `newer` is to be written, the others change nothing.
 *
 * `ask` says that what is known of the table does not suffice.
 */
export type Comparison = 'newer' | 'applied' | 'duplicate' | 'conflict' | 'stale' | 'ask';

/**
 * Decides what a version of a trade means against the version in the table.
 *
 * A version that the same record wrote is that record's own work, also when it has been replaced since: the record was
 * delivered again after its write, and its outcome is still `applied`.
 *
 * @param arrived - the version that arrived
 * @param stored - the version in the table
 */
export function compareVersion(arrived: ArrivedVersion, stored: StoredVersion): Comparison {
  const { trade, recordKey, formerRecordKey } = arrived;
  if (trade.version > stored.version) return 'newer';
  if (trade.version < stored.version) {
    return stored.marks === undefined ? 'ask' : compareEarlier(arrived, stored.marks);
  }
  if (stored.recordId !== undefined && [recordKey, formerRecordKey].includes(stored.recordId))
    return 'applied';
  return stored.trade !== undefined && isSamePayload(trade, stored.trade) ? 'duplicate' : 'conflict';
}

/**
 * Compares with what came before the version in the table.
 *
 * Where the next higher version was written by a record that is behind this one in its own shard, this one was handled
 * before that, at an earlier delivery: it met the version that was in the table then, which is its own.
 */
function compareEarlier({ trade, place }: ArrivedVersion, marks: AppliedMarks): Comparison {
  const written = readMarks(marks).sort((a, b) => a.version - b.version);
  const same = written.find(({ version }) => version === trade.version);
  if (same === undefined) return 'stale';
  if (isSamePlace(same.place, place)) return 'applied';
  const next = written.find(({ version }) => version > trade.version);
  if (next === undefined || !isBehind(next.place, place)) return 'stale';
  return same.payload === payloadHash(trade) ? 'duplicate' : 'conflict';
}
