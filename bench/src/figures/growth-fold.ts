import type { Figure } from '../figure.ts';
import { foldChangesToDelta } from '../functions/fold-to-delta.ts';
import { type StateTableEventOptions, stateTableEventText } from '../functions/state-table-event.ts';
import { measureGrowth } from '../measure/measure-growth.ts';

const RECORDS_MAX = 10_000;

const base = {
  unit: 'µs a record',
  // Linear, and what caches take from the larger one.
  goal: { of: 'ratio', max: 1.3 },
} as const;

/**
 * What a record costs in the fold of the map function, from event to delta, where there are more of them or they touch more nodes. Each
 * size has as many records in memory when it is measured, in one event or in many.
 */
export const growthOfFold: readonly Figure[] = [
  {
    ...base,
    name: 'growth-records',
    title: 'growth: map, a record in a batch of 10,000',
    reference: 'a record in a batch of 10',
    measure: ({ quick }) =>
      measureGrowth(new Map([10, 100, 1_000, RECORDS_MAX].map((records) => [records, workOf({ records })])), {
        quick,
      }),
  },
  {
    ...base,
    name: 'growth-nodes',
    title: 'growth: map, a record of 10,000 that touch 8,000 nodes',
    reference: 'a record of 10,000 that touch 20 nodes',
    measure: ({ quick }) =>
      measureGrowth(
        new Map(
          (
            [
              [2, 2, 3],
              [5, 6, 5],
              [10, 9, 10],
              [20, 20, 19],
            ] as const
          ).map((values) => [nodesOf(values), workOf({ records: RECORDS_MAX, values })]),
        ),
        { quick },
      ),
  },
];

function workOf(options: StateTableEventOptions) {
  const text = stateTableEventText(options);
  return {
    make: () => JSON.parse(text),
    use: foldChangesToDelta,
    per: options.records,
    inputs: RECORDS_MAX / options.records,
  };
}

/** On all levels, and the row that counts messages. */
function nodesOf([risks, desks, regions]: readonly [number, number, number]): number {
  return risks + risks * desks + risks * desks * regions + 1;
}
