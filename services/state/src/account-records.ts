import type { AccountingStore, OutcomeCounts } from './accounting-store.ts';
import type { Attempts } from './attempts.ts';
import { AccountingError } from './errors.ts';

/** How often the position may be found moved by others while one run of records is counted. */
const REFUSALS_MAX = 8;

/** How one record ended. */
export type RecordOutcome = keyof OutcomeCounts;

/** All outcomes, in the order in which they are shown. */
export const outcomeNames: readonly RecordOutcome[] = [
  'applied',
  'duplicate',
  'stale',
  'conflict',
  'quarantined',
];

/** A record that has ended, for counting. */
export interface EndedRecord {
  /** The record's place in its shard, as zero-padded text. */
  readonly position: string;
  readonly outcome: RecordOutcome;
}

/**
 * Counts a shard's records once each, however often they were delivered.
 *
 * Counters and position move in one conditional write. Where the condition fails, the item says how far others have
 * counted (an earlier delivery, or this very write whose reply was lost), and only what lies after that is counted.
 *
 * @param shard - `<consumer>#<shard id>`
 * @param records - a gapless run of the shard's records in order, all ended; may be empty
 * @param store - where the counters stand
 * @param attempts - the tries of this phase of the invocation
 * @returns what this call has added
 * @throws {@link AccountingError} when it could not be done in time; the batch must then be delivered again
 */
export async function accountRecords(
  shard: string,
  records: readonly EndedRecord[],
  store: AccountingStore,
  attempts: Attempts,
): Promise<OutcomeCounts> {
  let open = records;
  for (let refusals = 0; refusals <= REFUSALS_MAX; ) {
    const first = open[0];
    const last = open.at(-1);
    if (first === undefined || last === undefined) return countOutcomes([]);
    const counts = countOutcomes(open);
    const result = await store.advance(
      { shard, first: first.position, last: last.position, counts },
      attempts.signal,
    );
    if (result.code === 'advanced') return counts;
    if (result.code === 'refused') {
      refusals += 1;
      open = open.filter((record) => record.position > result.position);
    } else if (!(await attempts.again())) {
      throw new AccountingError(`The outcomes of ${shard} could not be counted in time: ${result.reason}.`);
    }
  }
  throw new AccountingError(`The position of ${shard} is moved by others again and again.`);
}

function countOutcomes(records: readonly Pick<EndedRecord, 'outcome'>[]): OutcomeCounts {
  const counts = { applied: 0, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 };
  for (const { outcome } of records) counts[outcome] += 1;
  return counts;
}
