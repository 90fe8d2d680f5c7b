import { createTurn, runSeeds } from '@oncefold/simulator';
import { describe, expect, it } from 'vitest';
import { simulation } from './simulation.ts';

const turn = createTurn();

describe('batchMarker', { timeout: 60_000 }, () => {
  it('counts records twice when their batch is cut anew', async () => {
    const { violating } = await runSeeds(simulation, { from: 0, count: 300, turn, faults: ['regrouped'] });
    expect(violating[0]?.violations[0]?.kind).toBe('doubled');
  });

  it('loses none', async () => {
    const { violating } = await runSeeds(simulation, { from: 0, count: 300, turn });
    const kinds = violating.flatMap(({ violations }) => violations.map(({ kind }) => kind));
    expect(kinds).not.toContain('lost');
  });
});
