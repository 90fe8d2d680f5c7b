import { isSamePayload, type Trade, tradeToItem } from '@oncefold/trades';
import type { Comparison } from '@oncefold/versioned-upsert';
import type { StoredVersion, TradeWriters } from './state-store.ts';
import {
  isLater,
  isSameRecord,
  parseHistory,
  payloadHash,
  type RecordReference,
  type VersionHistory,
} from './version-history.ts';

/** What names a record in the items of the state table. */
export interface RecordNames {
  /** The record's identity as one text. */
  readonly recordKey: string;
  /** How release 0.1.0 names the record; absent where it cannot have read it. */
  readonly formerRecordKey?: string | undefined;
  readonly reference: RecordReference;
}

/** A version of a trade, and the record that brought it. */
export interface ArrivedVersion extends RecordNames {
  readonly trade: Trade;
}

/**
 * Compares a version of a trade with the version in the table.
 *
 * A version that the same record wrote is that record's own work, also when it has been replaced since: the record was
 * delivered again after its write, and its outcome is still `applied`.
 */
export function compareVersion(arrived: ArrivedVersion, stored: StoredVersion): Comparison {
  const { trade } = arrived;
  if (trade.version > stored.version) {
    return 'newer';
  }
  if (trade.version < stored.version) {
    return compareEarlier(arrived, stored.history);
  }
  if (wroteCurrentVersion(arrived, stored)) {
    return 'applied';
  }
  return stored.trade !== undefined && isSamePayload(trade, stored.trade) ? 'duplicate' : 'conflict';
}

/** Says whether a record has written a version of a trade, the present one or one that was replaced. */
export function hasWritten(record: RecordNames, writers: TradeWriters): boolean {
  return (
    wroteCurrentVersion(record, writers) ||
    parseHistory(writers.history).some(({ reference }) => isSameRecord(reference, record.reference))
  );
}

function wroteCurrentVersion(
  { recordKey, formerRecordKey }: RecordNames,
  { recordId }: TradeWriters,
): boolean {
  return recordId !== undefined && [recordKey, formerRecordKey].includes(recordId);
}

/**
 * Compares with what came before the version in the table.
 *
 * Where the next higher version was written by a later record of the same shard, this record was handled before that, at an
 * earlier delivery: it met the version that was in the table then, which is its own.
 */
function compareEarlier({ trade, reference }: ArrivedVersion, history: VersionHistory): Comparison {
  const written = parseHistory(history).sort((a, b) => a.version - b.version);
  const same = written.find(({ version }) => version === trade.version);
  if (same === undefined) {
    return 'stale';
  }
  if (isSameRecord(same.reference, reference)) {
    return 'applied';
  }
  const next = written.find(({ version }) => version > trade.version);
  if (next === undefined || !isLater(next.reference, reference)) {
    return 'stale';
  }
  return same.payloadHash === payloadHash(tradeToItem(trade)) ? 'duplicate' : 'conflict';
}
