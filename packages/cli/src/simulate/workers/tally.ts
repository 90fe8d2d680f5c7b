import { mergeSummaries, type RunSummary } from '@oncefold/simulator';
import type { Tally } from './worker-messages.ts';

/** Violating seeds that are kept with what is wrong; of the others the number is enough. */
const VIOLATING_MAX = 10;

/** A tally of nothing. */
export const emptyTally: Tally = {
  histories: 0,
  events: 0,
  records: 0,
  faults: {},
  met: {},
  violating: { count: 0, kinds: {}, first: [] },
};

/** Takes from a summary what a tally keeps. */
export function tallyOf({ violating, ...rest }: RunSummary): Tally {
  const kinds: Record<string, number> = {};
  for (const { violations } of violating) {
    for (const kind of new Set(violations.map((violation) => violation.kind))) {
      kinds[kind] = (kinds[kind] ?? 0) + 1;
    }
  }
  return { ...rest, violating: { count: violating.length, kinds, first: violating.slice(0, VIOLATING_MAX) } };
}

/** Adds two tallies up; in which order they come makes no difference. */
export function addTallies(one: Tally, other: Tally): Tally {
  const parts = [one, other].map(({ violating, ...rest }) => ({ ...rest, violating: violating.first }));
  const { violating: all, ...rest } = mergeSummaries(parts);
  const kinds = { ...one.violating.kinds };
  for (const [kind, count] of Object.entries(other.violating.kinds)) {
    kinds[kind] = (kinds[kind] ?? 0) + count;
  }
  return {
    ...rest,
    violating: {
      count: one.violating.count + other.violating.count,
      kinds,
      first: all.slice(0, VIOLATING_MAX),
    },
  };
}
