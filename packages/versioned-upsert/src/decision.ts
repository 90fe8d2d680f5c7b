/**
 * What can become of a record: every one has exactly one outcome at each delivery.
 *
 * - `applied`: the table now holds what the record brings.
 * - `duplicate`: the table already holds this version with this content, from this record or from another one.
 * - `stale`: the table holds a newer version.
 * - `conflict`: the table holds this version with other content. It was handed over.
 * - `quarantined`: the record is no version, or its item cannot take it. It was handed over.
 * - `failed`: what becomes of the record is not known, and it must be delivered again.
 */
export type Outcome = 'applied' | 'duplicate' | 'stale' | 'conflict' | 'quarantined' | 'failed';

/** How many records have which outcome. */
export type OutcomeCounts = Readonly<Record<Outcome, number>>;

/** Why a version is refused. */
export type Refusal =
  | { readonly outcome: 'conflict'; readonly reason: 'version-conflict' }
  | {
      readonly outcome: 'quarantined';
      /** The existing item has no version that can be compared, or DynamoDB does not take this one, whatever else is written. */
      readonly reason: 'unreadable-item' | 'unwritable-item';
    };

/** What becomes of a version. */
export type Decision =
  | { readonly outcome: 'applied' | 'duplicate' | 'stale' }
  | Refusal
  | { readonly outcome: 'failed'; readonly reason: string };

/** Counts outcomes; the sum of the counts is the length of the list. */
export function countOutcomes(list: Iterable<{ readonly outcome: Outcome }>): OutcomeCounts {
  const counts = { applied: 0, duplicate: 0, stale: 0, conflict: 0, quarantined: 0, failed: 0 };
  for (const { outcome } of list) {
    counts[outcome] += 1;
  }
  return counts;
}
