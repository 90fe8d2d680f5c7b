import type { AccountingStore, OutcomeCounts } from './accounting-store.ts';
import type { Attempts } from './attempts.ts';
import { AccountingError } from './errors.ts';

/** How often the position may be found moved by others while one run of records is counted. */
const REFUSALS_MAX = 8;

/** What became of one record. */
export type RecordOutcome = keyof OutcomeCounts;

/** All outcomes, in the order in which they are shown. */
export const outcomeNames: readonly RecordOutcome[] = [
  'applied',
  'duplicate',
  'stale',
  'conflict',
  'quarantined',
];

/** A record whose outcome is final, for counting. */
export interface CountableRecord {
  /** The record's place in its shard, as text of fixed width. */
  readonly position: string;
  readonly outcome: RecordOutcome;
}

/** Keys of a shard's account. */
export interface AccountKeys {
  /** The shard's identity as one text. */
  readonly key: string;
  /** The key under which release 0.1.0 keeps the account; absent where it cannot have one. */
  readonly formerKey: string | undefined;
}

/**
 * Counts a shard's records once each, however often they were delivered.
 *
 * Counters and position move in one conditional write. Where the condition fails, the item says how far others have
 * counted (an earlier delivery, or this very write whose reply was lost), and only what lies after that is counted.
 *
 * @param account - {@link AccountKeys}
 * @param records - a gapless run of the shard's records in order, all final; may be empty
 * @param store - the accounting table
 * @param attempts - the tries of this phase of the invocation
 * @returns what this call has added
 * @throws {@link AccountingError} when it could not be done in time; the batch must then be delivered again
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
    if (first === undefined || last === undefined) {
      return countOutcomes([]);
    }
    const counts = countOutcomes(open);
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

function countOutcomes(records: readonly Pick<CountableRecord, 'outcome'>[]): OutcomeCounts {
  const counts = { applied: 0, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 };
  for (const { outcome } of records) {
    counts[outcome] += 1;
  }
  return counts;
}
