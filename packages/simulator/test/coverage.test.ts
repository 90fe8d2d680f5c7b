/** Goal: a run has no blind spot. Method: what 1,000 histories of each strategy met is held against all that they can meet. */
import { describe, expect, it } from 'vitest';
import {
  commitCoverage,
  commitStage,
  commitStrategies,
  createTurn,
  findMissed,
  runSeeds,
  type StrategyName,
} from '../src/index.ts';

describe('findMissed', () => {
  it.each(Object.keys(commitStrategies) as StrategyName[])(
    'names nothing after 1,000 histories of %s',
    async (name) => {
      const summary = await runSeeds(commitStage(commitStrategies[name]), {
        from: 0,
        count: 1_000,
        turn: createTurn(),
      });
      expect(findMissed(summary, commitCoverage(name))).toEqual([]);
    },
  );

  it('names faults and branches that a run has not met', () => {
    const missed = findMissed({ faults: { stall: 1 }, met: { invoke: 1 } }, commitCoverage('none'));
    expect(missed).toContain('fault: reply-lost');
    expect(missed).toContain('trimmed');
    expect(missed).not.toContain('fault: stall');
    expect(missed).not.toContain('invoke');
  });
});
