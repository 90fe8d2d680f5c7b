import { describe, expect, it } from 'vitest';
import { createPalette } from '../../terminal/palette.ts';
import { searchText, searchToJson, searchView, type WorldSearchResult } from './search-view.ts';

const palette = createPalette(false);
const report = { worlds: 1_000, histories: 2_000_000, wrong: 0, runs: 5_000, examples: [] };

const result: WorldSearchResult = {
  worlds: 1_000,
  isInterrupted: false,
  runs: [
    {
      strategy: 'none',
      promise: 'none',
      elapsedMs: 3_000,
      report: { ...report, wrong: 12 },
      finding: {
        world: 'one record in a transaction; both processes are cold',
        decisions: [],
        history: [],
        violations: [{ kind: 'doubled', text: 'r0 counts more than once', records: ['r0'], event: 0 }],
        timeline: ['        0.000  a step'],
        replay: 'npm run oncefold -- simulate --world 0:0',
      },
    },
    { strategy: 'ledger', promise: 'exact', elapsedMs: 4_000, report },
  ],
};

describe('searchView', () => {
  it('has a line for each strategy, the first wrong history, and a verdict', () => {
    const text = searchView(result, palette);
    expect(text).toContain('│ none     │  1,000 │ 2,000,000 │    12 │ 3.0 s │');
    expect(text).toContain('│ ledger   │  1,000 │ 2,000,000 │     0 │ 4.0 s │');
    expect(text).toContain(
      'none: the first wrong history\n\nOne record in a transaction; both processes are cold.\n\n        0.000  a step\n\ndoubled: r0',
    );
    expect(text).toContain('Replay it:\n  npm run oncefold -- simulate --world 0:0\n');
    expect(text).toContain(
      'WRONG: none promises nothing, and is not exact in 12 of 2,000,000 histories of 1,000 small worlds\nEXACT: ledger counts each record once in all 2,000,000 histories of 1,000 small worlds',
    );
  });

  it('calls it broken where a promise was made, and says that it was interrupted', () => {
    const [none] = result.runs;
    const broken = {
      ...result,
      isInterrupted: true,
      runs: none ? [{ ...none, promise: 'exact' as const }] : [],
    };
    expect(searchView(broken, palette)).toMatch(
      /\nBROKEN: none promises to be exact, and is not in 12 of [^\n]*\nINTERRUPTED: not all worlds were searched$/,
    );
    expect(searchToJson(broken)).toMatchObject({ verdict: 'broken', isInterrupted: true });
    expect(searchToJson(result)).toMatchObject({
      verdict: 'kept',
      runs: [
        { strategy: 'none', wrong: 12 },
        { strategy: 'ledger', wrong: 0, histories: 2_000_000 },
      ],
    });
  });
});

describe('searchText', () => {
  it('says how many worlds are searched', () => {
    const progress = { strategy: 'ledger', worlds: 2_000, report, elapsedMs: 1_000 } as const;
    const { view, lines } = searchText(() => progress, palette);
    expect(view()).toBe('  ledger         1,000 of 2,000 worlds, 2,000,000 histories, 0 wrong');
    expect([lines().length, lines().length]).toEqual([1, 0]);
  });
});
