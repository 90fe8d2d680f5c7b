import { describe, expect, it } from 'vitest';
import { createPalette } from '../terminal/palette.ts';
import { type ProgressSnapshot, progressLines, progressView } from './progress-view.ts';
import { createStageProgress, type StageProgress } from './stage-progress.ts';

const plain = createPalette(false);
const quiet = ['StateFunction', 'MapFunction', 'ReduceFunction'].map(createStageProgress);

function snapshot(changes: Partial<ProgressSnapshot> = {}): ProgressSnapshot {
  return { elapsedMs: 4_260, messages: 10_000, sent: 0, stages: quiet, ...changes };
}

function withState(changes: Partial<StageProgress>): readonly StageProgress[] {
  return quiet.map((stage, index) => (index === 0 ? { ...stage, ...changes } : stage));
}

describe('progressView', () => {
  it('shows a line for what was sent, for each stage, and for the time', () => {
    const stages = withState({ records: 4_900, batches: 49, failures: 3, inducedFailures: 2 });
    expect(progressView(snapshot({ sent: 5_000, stages }), plain).split('\n')).toEqual([
      '  sent    ━━━━━━━━━━━━────────────  5,000 of 10,000 messages',
      '  state   4,900 records, 49 batches, 3 failures, 2 of them induced',
      '  map     0 records, 0 batches',
      '  reduce  0 records, 0 batches',
      '  time    4.3 s',
    ]);
  });

  it('has its headline above the rest', () => {
    const [first] = progressView(snapshot({ headline: 'round 1 of 3, score 0' }), plain).split('\n');
    expect(first).toBe('  round 1 of 3, score 0');
  });

  it('does not let an error message give orders to the terminal', () => {
    const stages = withState({ failures: 1, lastError: 'Error: \u001b[2J\nhello' });
    expect(progressView(snapshot({ stages }), plain)).toContain('Error: \\u{1b}[2J\\u{a}hello');
  });

  it('is without control characters where colour is not wanted', () => {
    const stages = withState({ failures: 1, records: 1 });
    expect(progressView(snapshot({ sent: 10_000, stages }), plain)).toMatch(/^[^\p{Cc}]*(\n[^\p{Cc}]*)*$/u);
  });
});

describe('progressLines', () => {
  it('has nothing to say before anything has happened', () => {
    expect(progressLines(snapshot(), undefined, plain)).toEqual([]);
  });

  it('has a line for each thing that changed, and none for the others', () => {
    const before = snapshot({ sent: 40, stages: withState({ records: 40, batches: 1 }) });
    const after = snapshot({ sent: 40, stages: withState({ records: 80, batches: 2 }) });
    expect(progressLines(after, before, plain)).toEqual(['   4.3 s  state   80 records, 2 batches']);
    expect(progressLines(after, after, plain)).toEqual([]);
    expect(progressLines(snapshot({ sent: 80 }), snapshot({ sent: 40 }), plain)).toEqual([
      '   4.3 s  sent    80 of 10,000 messages',
    ]);
  });
});
