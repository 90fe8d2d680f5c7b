import { isSamePayload, type Trade } from '@oncefold/reducer';
import type { StoredVersion } from './state-store.ts';

/** How a version compares with what stands; `newer` is to be written, the others change nothing. */
export type Settlement = 'newer' | 'applied' | 'duplicate' | 'conflict' | 'stale';

/**
 * Decides what a version of a trade means against the version that stands.
 *
 * An equal version that the same record wrote is that record's own work: the record was delivered again after its
 * write, and its outcome is still `applied`.
 *
 * @param trade - the version that arrived
 * @param recordId - names the record that brought it
 * @param stored - what stands
 * @returns the {@link Settlement}
 */
export function settleVersion(trade: Trade, recordId: string, stored: StoredVersion): Settlement {
  if (trade.version > stored.version) return 'newer';
  if (trade.version < stored.version) return 'stale';
  if (recordId === stored.recordId) return 'applied';
  return stored.trade !== undefined && isSamePayload(trade, stored.trade) ? 'duplicate' : 'conflict';
}
