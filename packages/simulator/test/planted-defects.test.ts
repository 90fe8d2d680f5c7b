/**
 * Goal: the simulator finds what is wrong, and finds nothing where nothing is. Method: defects are planted in a stage, one at a
 * time, most of them such as have been in this repository; the histories of the seeds from 0 on must show each within the number
 * of seeds that its name states.
 */
import { describe, expect, it } from 'vitest';
import { commitStage, commitStrategies } from '../src/index.ts';
import { defects } from './support/defects/defects.ts';
import { findViolations } from './support/find-violations.ts';

describe('commitStage with a planted defect', () => {
  it.each(defects)('finds $name within $seeds seeds', async ({ stage, seeds, faults, shows }) => {
    const { wrong } = await findViolations(commitStage(stage), { seeds, faults, isFirstEnough: true });
    const kinds = wrong.flatMap(({ violations }) => violations.map(({ kind }) => kind));
    expect(kinds).toContain(shows);
  });
});

describe('commitStage', () => {
  it.each(['ledger', 'checkpoint'] as const)('finds nothing in %s over 2,000 seeds', async (name) => {
    const { wrong } = await findViolations(commitStage(commitStrategies[name]), { seeds: 2_000 });
    expect(wrong.map(({ scenario, violations }) => ({ seed: scenario.seed, violations }))).toEqual([]);
  });
});
