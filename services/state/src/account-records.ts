import { countOutcomes, type Outcome, type OutcomeCounts } from '@oncefold/trades';
import type { Attempts } from '@oncefold/versioned-upsert';
import type { AccountingStore, AccountKeys } from './accounting-store.ts';

/** How often the position may be found moved by others while one run of records is counted. */
const REFUSALS_MAX = 8;

/** The batch is written but could not be counted in time; it fails whole, is delivered again and counted then. */
class AccountingError extends Error {
  override readonly name = 'AccountingError';
  readonly code = 'accounting-unavailable';
}

/** A record whose outcome is final, for counting. */
export interface CountableRecord {
  /** The record's position in its shard, as text of fixed width. */
  readonly position: string;
  readonly outcome: Outcome;
}

/**
 * Counts a shard's records once each, however often they were delivered.
 *
 * Counters and position move in one conditional write. Where the condition fails, the item says how far others have
 * counted (an earlier delivery, or this very write whose reply was lost), and only what lies after that is counted.
 *
 * @param records - a gapless run of the shard's records in order, all final; may be empty
 */
export async function accountRecords(
  { key, formerKey }: AccountKeys,
  records: readonly CountableRecord[],
  store: AccountingStore,
  attempts: Attempts,
): Promise<OutcomeCounts> {
  let open = records;
  for (let refusals = 0; refusals <= REFUSALS_MAX; ) {
    const first = open[0];
    const last = open.at(-1);
    const counts = countOutcomes(open.map(({ outcome }) => outcome));
    if (first === undefined || last === undefined) {
      return counts;
    }
    const result = await store.advance(
      { key, formerKey, first: first.position, last: last.position, counts },
      attempts.signal,
    );
    if (result.code === 'advanced') {
      return counts;
    }
    if (result.code === 'refused') {
      refusals += 1;
      open = open.filter((record) => record.position > result.position);
    } else if (!(await attempts.again())) {
      throw new AccountingError(`The outcomes of ${key} could not be counted in time: ${result.reason}.`);
    }
  }
  throw new AccountingError(`The position of ${key} is moved by others again and again.`);
}
