import type { HistoryEvent, HistoryResult } from '@oncefold/simulator';
import { describe, expect, it } from 'vitest';
import { createPalette } from '../../terminal/palette.ts';
import { colourTimeline, timelineLines } from './timeline-view.ts';

/** A history of so many records, of which one is given up. */
function historyOf(records: number, lost: number): HistoryResult {
  const puts = Array.from(
    { length: records },
    (_, number): HistoryEvent => ({
      at: number,
      type: 'record-put',
      stream: 'Orders',
      shard: 'shardId-000000000000',
      sequenceNumber: String(number),
      label: `r${number}`,
    }),
  );
  const label = `r${lost}`;
  const discarded: HistoryEvent = {
    at: lost,
    type: 'records-discarded',
    poller: 'poller-1\u001b[31m',
    condition: 'RetryAttemptsExhausted',
    records: [label],
  };
  const history = [...puts.slice(0, lost + 1), discarded, ...puts.slice(lost + 1)];
  return {
    scenario: { seed: 1 },
    history,
    violations: [
      { kind: 'lost', text: `${label} does not count`, records: [label], event: history.length - 1 },
    ],
    faults: [],
    met: new Set(),
    records: [],
    events: history.length,
  };
}

describe('timelineLines', () => {
  it('has a line for each step, and says below the step where it goes wrong', () => {
    const lines = timelineLines(historyOf(5, 2));
    const at = lines.findIndex((line) => line.includes('gives up r2'));
    expect(lines[at + 1]).toMatch(/^ +>>> {2}r2 /);
    expect(lines[at]).toContain('\\u{1b}[31m');
    expect(lines.filter((line) => line.includes('A record comes into'))).toHaveLength(5);
  });

  it('leaves out the middle of a long history, but not what goes wrong in it', () => {
    const lines = timelineLines(historyOf(5_000, 2_500));
    expect(lines.length).toBeLessThan(300);
    expect(
      lines.filter((line) => / … [\d,]+ steps more: --json and --output have them$/.test(line)),
    ).toHaveLength(2);
    expect(lines.join('\n')).toContain('gives up r2500');
    expect(lines.at(-1)).toContain('r4999');
  });
});

describe('colourTimeline', () => {
  it('marks faults and what goes wrong, and changes nothing else', () => {
    const lines = ['  1.000  a step', '  1.001  a request [stall: it stands]', '    >>>  r1 counts twice'];
    expect(colourTimeline(lines, createPalette(false))).toEqual(lines);
    expect(colourTimeline(lines, createPalette(true))).toEqual([
      '  1.000  a step',
      '  1.001  a request\u001b[33m [stall: it stands]\u001b[39m',
      '\u001b[31m    >>>  r1 counts twice\u001b[39m',
    ]);
  });
});
