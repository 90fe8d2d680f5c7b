/** What can become of a trade message: every one has exactly one outcome. */
export const outcomes = ['applied', 'duplicate', 'stale', 'conflict', 'quarantined'] as const;

export type Outcome = (typeof outcomes)[number];

/** How many messages have which outcome. */
export type OutcomeCounts = Readonly<Record<Outcome, number>>;

/** Attribute of the accounting table, and name of the metric, that counts an outcome. */
export const counterNames: Readonly<Record<Outcome, string>> = {
  applied: 'Applied',
  duplicate: 'Duplicate',
  stale: 'Stale',
  conflict: 'Conflict',
  quarantined: 'Quarantined',
};

export function countOutcomes(list: Iterable<Outcome>): OutcomeCounts {
  const counts = { applied: 0, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 };
  for (const outcome of list) {
    counts[outcome] += 1;
  }
  return counts;
}

export function addCounts(a: OutcomeCounts, b: OutcomeCounts): OutcomeCounts {
  const sums = { ...a };
  for (const outcome of outcomes) {
    sums[outcome] += b[outcome];
  }
  return sums;
}
