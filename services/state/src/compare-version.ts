import { isSamePayload, type Trade, tradeToItem } from '@oncefold/trades';
import {
  type AppliedMarks,
  isBehind,
  isSamePlace,
  payloadHash,
  type RecordPlace,
  readMarks,
} from './applied-marks.ts';
import type { StoredVersion, TradeWriters } from './state-store.ts';

/** A version of a trade, and the record that brought it. */
export interface ArrivedVersion {
  readonly trade: Trade;
  /** The record's identity as one text. */
  readonly recordKey: string;
  /** How tables that were written before identities had a namespace name the record; absent if they cannot hold it. */
  readonly formerRecordKey?: string | undefined;
  readonly place: RecordPlace;
}

/** How a version compares with the one in the table; `newer` is to be written, the others change nothing. */
export type Comparison = 'newer' | 'applied' | 'duplicate' | 'conflict' | 'stale';

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
  const { trade } = arrived;
  if (trade.version > stored.version) {
    return 'newer';
  }
  if (trade.version < stored.version) {
    return compareEarlier(arrived, stored.marks);
  }
  if (isNamed(arrived, stored)) {
    return 'applied';
  }
  return stored.trade !== undefined && isSamePayload(trade, stored.trade) ? 'duplicate' : 'conflict';
}

/**
 * Says whether a record has written a version of a trade, the present one or one that was replaced.
 *
 * @param record - what names the record
 * @param writers - what the trade's item says
 */
export function hasWritten(record: Omit<ArrivedVersion, 'trade'>, writers: TradeWriters): boolean {
  return (
    isNamed(record, writers) || readMarks(writers.marks).some(({ place }) => isSamePlace(place, record.place))
  );
}

function isNamed(
  { recordKey, formerRecordKey }: Omit<ArrivedVersion, 'trade'>,
  { recordId }: TradeWriters,
): boolean {
  return recordId !== undefined && [recordKey, formerRecordKey].includes(recordId);
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
  if (same === undefined) {
    return 'stale';
  }
  if (isSamePlace(same.place, place)) {
    return 'applied';
  }
  const next = written.find(({ version }) => version > trade.version);
  if (next === undefined || !isBehind(next.place, place)) {
    return 'stale';
  }
  return same.payload === payloadHash(tradeToItem(trade)) ? 'duplicate' : 'conflict';
}
