import { describe, expect, it } from 'vitest';
import { createPalette } from '../../terminal/palette.ts';
import { emptyTally } from '../workers/tally.ts';
import { progressText, type SimulationProgress } from './progress-view.ts';

const palette = createPalette(false);

function progressAt(histories: number, violating = 0): SimulationProgress {
  return {
    source: { kind: 'stage', stage: 'commit', strategy: 'checkpoint' },
    seeds: 4_000,
    tally: { ...emptyTally, histories, violating: { ...emptyTally.violating, count: violating } },
    elapsedMs: 2_000,
  };
}

describe('progressText', () => {
  it('draws how many histories there are, how fast they come, and how many go wrong', () => {
    const { view } = progressText(() => progressAt(3_000, 2), palette);
    expect(view()).toBe(
      '  checkpoint  ━━━━━━━━━━━━━━━━━━──────  3,000 of 4,000 histories, 1,500 a second, 2 violating',
    );
  });

  it('adds a line only when there are more', () => {
    let histories = 0;
    const { lines } = progressText(() => progressAt(histories), palette);
    const told = [lines(), lines()];
    histories = 10;
    expect([...told, lines(), lines()].map((each) => each.length)).toEqual([1, 0, 1, 0]);
  });
});
