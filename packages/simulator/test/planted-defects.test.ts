/**
 * Goal: the simulator finds what is wrong, and finds nothing where nothing is. Method: defects are planted in a stage, one at a
 * time, most of them such as have been in this repository; the histories of the seeds from 0 on must show each within the number
 * of seeds that its name states.
 */
import { describe, expect, it } from 'vitest';
import { commitStage, commitStrategies, createTurn, runSeeds } from '../src/index.ts';
import { defects } from './support/defects/defects.ts';

describe('commitStage with a planted defect', () => {
  it.each(defects)('finds $name within $seeds seeds', async ({ stage, seeds, faults, shows }) => {
    const { violating } = await runSeeds(commitStage(stage), {
      from: 0,
      count: seeds,
      faults,
      turn: createTurn(),
      onHistory: ({ violations }) => violations.length === 0,
    });
    const kinds = violating.flatMap(({ violations }) => violations.map(({ kind }) => kind));
    expect(kinds).toContain(shows);
  });
});

describe('commitStage', () => {
  it.each(['ledger', 'checkpoint'] as const)('finds nothing in %s over 2,000 seeds', async (name) => {
    const { violating, histories } = await runSeeds(commitStage(commitStrategies[name]), {
      from: 0,
      count: 2_000,
      turn: createTurn(),
    });
    expect({ violating, histories }).toEqual({ violating: [], histories: 2_000 });
  });
});
