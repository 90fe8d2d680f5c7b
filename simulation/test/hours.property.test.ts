/**
 * Goal: `oncefold rebuild` and redrives leave the sums exact when hours pass between what happens; the simulator's histories are minutes.
 *
 * Method: from a seed a history of trades, rebuilds and redrives is drawn. Rows of sums come late, batches are given up, mappings pause,
 * rebuilds are killed or give up, and others go on while they run. The functions and the rebuild are those that are deployed, on a
 * simulated store with a clock that jumps. In the end all that was given up is redriven; then the sums are those of the trades.
 */
import type { RecountGuard } from '@oncefold/function-kit';
import { describe, expect, it } from 'vitest';
import { runHours } from './support/hours/run-hours.ts';

/** Histories of each kind, with the seeds from 0. */
const HISTORIES = 40;

const hierarchies = [['RiskType'], ['RiskType', 'TradeDesk']] as const;
const kinds = [3, 23, 26].flatMap((hoursMax) =>
  hierarchies.flatMap((dimensions) =>
    [false, true].map((hasForeignWriter) => ({ hoursMax, dimensions, hasForeignWriter })),
  ),
);

/** Commits a redrive although a rebuild has begun since: it writes an item that nobody reads. */
const unguarded = {
  recountGuard: (guard: RecountGuard): RecountGuard => ({
    ...guard,
    actionFor: ({ owner }) => ({
      type: 'put',
      table: 'RecountTable',
      key: { Identifier: { S: ':unguarded' } },
      attributes: { Owner: { S: owner } },
    }),
  }),
};

describe('oncefold rebuild, with redrives', () => {
  it.each(kinds)(
    'leaves sums exact with pauses of up to $hoursMax h, $dimensions, another writer: $hasForeignWriter',
    async (kind) => {
      for (let seed = 0; seed < HISTORIES; seed += 1) {
        const { actual, expected } = await runHours(seed, kind);
        expect(actual, `seed ${seed}`).toEqual(expected);
      }
    },
  );

  it.each([
    ['map', 69],
    ['reduce', 80],
  ] as const)(
    'finds that %s commits a redrive although a rebuild has begun since, with seed %i',
    async (stage, seed) => {
      const kind = { hoursMax: 26, dimensions: ['RiskType'], hasForeignWriter: false } as const;
      const { actual, expected } = await runHours(seed, { ...kind, parts: { [stage]: unguarded } });
      expect(actual).not.toEqual(expected);
    },
  );
});
