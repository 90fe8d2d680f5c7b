import { describe, expect, it } from 'vitest';
import { createPalette } from '../../terminal/palette.ts';
import type { SimulateResult, SimulationRun } from '../simulate-result.ts';
import { emptyTally } from '../workers/tally.ts';
import { resultToJson } from './result-to-json.ts';
import { summaryView } from './summary-view.ts';

const plain = createPalette(false);

const right: SimulationRun = {
  source: { kind: 'stage', stage: 'commit', strategy: 'ledger' },
  promise: 'exact',
  elapsedMs: 2_000,
  missed: [],
  tally: {
    ...emptyTally,
    histories: 3_000,
    events: 450_000,
    records: 21_000,
    faults: { 'reply-lost': 1_200, stall: 34 },
    met: { 'commit: opened': 2_999 },
  },
};

const wrong: SimulationRun = {
  source: { kind: 'stage', stage: 'commit', strategy: 'none' },
  promise: 'none',
  elapsedMs: 4_000,
  missed: [],
  tally: {
    ...right.tally,
    met: {},
    violating: {
      count: 12,
      kinds: { torn: 1, doubled: 12 },
      first: [
        {
          seed: 42,
          violations: [{ kind: 'doubled', text: 'r1 counts more than once', records: ['r1'], event: 1 }],
        },
      ],
    },
  },
  finding: {
    seed: 42,
    violations: [{ kind: 'doubled', text: 'r1 counts more than once\u001b[31m', records: ['r1'], event: 1 }],
    scenario: { seed: 42, keptFaults: new Set(['stall:2']), limits: { keptRecords: new Set([1]) } },
    records: [9, 1],
    faults: [30, 1],
    tries: 77,
    timeline: ['        1.000  a step'],
    replay: 'npm run oncefold -- simulate --seed 42',
  },
};

const result: SimulateResult = {
  baseSeed: 40,
  seeds: 3_000,
  faults: ['reply-lost', 'stall', 'regrouped'],
  workers: 2,
  isInterrupted: false,
  runs: [right, wrong],
};

describe('summaryView', () => {
  it('has a line for each strategy, and a column for it in what was injected and met', () => {
    const text = summaryView(result, plain);
    expect(text).toContain(
      '│ ledger │     3,000 │ 2.0 s │    1,500 │  21,000 │ 450,000 │  1,234 │         0 │',
    );
    expect(text).toContain(
      '│ none   │     3,000 │ 4.0 s │      750 │  21,000 │ 450,000 │  1,234 │        12 │',
    );
    expect(text).toContain('│ reply-lost │  1,200 │ 1,200 │');
    expect(text).toContain('│ regrouped  │  never │ never │');
    expect(text).not.toContain('throttled');
    expect(text).toContain('│ commit: opened   │  2,999 │ never │');
  });

  it('tells a violation step by step, with the command that replays it', () => {
    const text = summaryView(result, plain);
    expect(text).toContain('none: violating seeds 42 and more\n');
    expect(text).toContain(
      'Seed 42, made small (from 9 records and 30 faults to 1 and 1, 77 histories tried):\n\n        1.000  a step\n',
    );
    expect(text).toContain('\nReplay it:\n  npm run oncefold -- simulate --seed 42\n');
  });

  it('hands nothing to a terminal that a record could have brought', () => {
    expect(summaryView(result, plain)).toContain('doubled: r1 counts more than once\\u{1b}[31m');
  });

  it('calls the same finding a broken promise only where one was made', () => {
    const finding = '12 of 3,000 histories: doubled in 12, torn in 1 (base seed 40)';
    expect(summaryView(result, plain)).toContain(
      `EXACT: ledger has no violation in 3,000 histories (base seed 40)\nWRONG: none promises nothing, and is not exact in ${finding}`,
    );
    const broken = { ...result, runs: [{ ...wrong, promise: 'exact' as const }] };
    expect(summaryView(broken, plain)).toContain(
      `BROKEN: none promises to be exact, and is not in ${finding}`,
    );
  });

  it('says what a run should have met and has not, which is a failure', () => {
    const blind = { ...result, runs: [{ ...right, missed: ['fault: stall', 'trimmed'] }] };
    expect(summaryView(blind, plain)).toMatch(/\nBLIND: ledger has never met fault: stall, trimmed$/);
    expect(resultToJson(blind)).toMatchObject({
      verdict: 'broken',
      runs: [{ missed: ['fault: stall', 'trimmed'] }],
    });
  });

  it('says that it was interrupted', () => {
    expect(summaryView({ ...result, isInterrupted: true, runs: [] }, plain)).toContain('INTERRUPTED');
  });
});

describe('resultToJson', () => {
  it('has the same figures for programs', () => {
    const json = JSON.parse(JSON.stringify(resultToJson(result)));
    expect(json).toMatchObject({ verdict: 'kept', baseSeed: 40, seeds: 3_000, workers: 2 });
    expect(json.runs).toMatchObject([
      { stage: 'commit', strategy: 'ledger', historiesPerSecond: 1_500, histories: 3_000 },
      {
        strategy: 'none',
        violating: { count: 12 },
        finding: { scenario: { seed: 42, keptFaults: ['stall:2'], keptRecords: [1] } },
      },
    ]);
  });

  it('says broken only where a promise was', () => {
    const broken = { ...result, runs: [{ ...wrong, promise: 'exact' as const }] };
    expect(resultToJson(broken)).toMatchObject({ verdict: 'broken' });
  });
});
