/** Goal: the page says of every planted defect where it goes wrong. Method: its first history with a violation is told. */
import { describe, expect, it } from 'vitest';
import { commitStage, createTurn, runHistory, runSeeds } from '../src/index.ts';
import { createTimeline } from '../src/timeline/timeline.ts';
import { defects } from './support/defects/defects.ts';

/** Seeds that run before it is looked whether one was enough. */
const SLICE = 20;

describe('findMoments', () => {
  it.each(defects)('explains: $name', async ({ stage, faults, seeds }) => {
    const simulation = commitStage(stage);
    const turn = createTurn();
    let seed: number | undefined;
    for (let from = 0; from < seeds && seed === undefined; from += SLICE) {
      const { violating } = await runSeeds(simulation, { from, count: SLICE, turn, faults });
      seed = violating[0]?.seed;
    }
    expect(seed).toBeDefined();
    const { history, violations } = await runHistory(
      simulation,
      { seed: seed ?? 0, faults },
      { turn, isDetailed: true },
    );
    const { moments, steps } = createTimeline(history, violations);
    const [first] = moments;
    expect(first?.step).toBeGreaterThan(1);
    expect(first?.step).toBeLessThanOrEqual(steps.length);
    // It is told before, or as, an observer can see it.
    expect(first?.event).toBeLessThanOrEqual(violations[0]?.event ?? 0);
    const text = first?.explanation.join(' ') ?? '';
    expect(text).toMatch(/\br\d+\b/);
    expect(text).not.toContain('No event of the history says');
  });
});
