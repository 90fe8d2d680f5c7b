import { isSamePayload, type Trade } from '@oncefold/reducer';
import { findEarlierVersion } from './applied-marks.ts';
import type { StoredVersion } from './state-store.ts';

/** A version of a trade, and the record that brought it. */
export interface ArrivedVersion {
  readonly trade: Trade;
  /** The record's identity as one text. */
  readonly recordKey: string;
  /** How tables that were written before identities had a namespace name the record; absent if they cannot hold it. */
  readonly formerRecordKey?: string | undefined;
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
 * delivered again after its write, and its outcome is still `applied`. In the same way a version that repeats what
 * another record wrote is a `duplicate`, whether it meets that version or a higher one.
 *
 * @param arrived - the version that arrived
 * @param stored - the version in the table
 */
export function compareVersion(arrived: ArrivedVersion, stored: StoredVersion): Comparison {
  const { trade, recordKey, formerRecordKey } = arrived;
  if (trade.version > stored.version) return 'newer';
  if (trade.version < stored.version) return compareEarlier(arrived, stored);
  if (stored.recordId !== undefined && [recordKey, formerRecordKey].includes(stored.recordId))
    return 'applied';
  return stored.trade !== undefined && isSamePayload(trade, stored.trade) ? 'duplicate' : 'conflict';
}

function compareEarlier({ trade, recordKey }: ArrivedVersion, { marks }: StoredVersion): Comparison {
  if (marks === undefined) return 'ask';
  switch (findEarlierVersion(trade, recordKey, marks)) {
    case 'own':
      return 'applied';
    case 'same-payload':
      return 'duplicate';
    case 'other-payload':
    case 'never-written':
    case 'forgotten':
      return 'stale';
  }
}
