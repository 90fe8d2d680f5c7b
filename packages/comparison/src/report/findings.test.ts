import { describe, expect, it } from 'vitest';
import { sampleReport } from '../../test/report/sample-report.ts';
import { troubledReport } from '../../test/report/troubled-report.ts';
import { abbreviateCell, arrangeCells, listWords, summarize } from './findings.ts';

describe('arrangeCells', () => {
  it('has a row for each strategy and a column for each fault, even if they did not run', () => {
    const views = arrangeCells(troubledReport());
    expect(views.map(({ stage, transactions }) => [stage, transactions.code])).toEqual([
      ['reduce', 'one'],
      ['reduce', 'several'],
      ['map', 'one'],
      ['map', 'several'],
    ]);
    for (const { rows } of views) {
      expect(rows.map(({ cells }) => cells.length)).toEqual([11, 11, 11, 11, 11]);
    }
    const absent = views
      .at(-1)
      ?.rows.flatMap(({ cells }) => cells)
      .filter(({ cell }) => cell === undefined);
    expect(absent?.map(({ name }) => name)).toEqual([
      { stage: 'map', transactions: 'several', strategy: 'powertools', fault: 'zombie' },
    ]);
  });

  it('leaves out a matrix without any cell', () => {
    const report = sampleReport();
    const cells = report.cells.filter(({ stage }) => stage === 'map');
    expect(arrangeCells({ ...report, cells }).map(({ stage }) => stage)).toEqual(['map', 'map']);
  });

  it('adds remarks to cells that need attention', () => {
    const remarks = arrangeCells(troubledReport())
      .flatMap(({ rows }) => rows.flatMap(({ cells }) => cells))
      .flatMap(({ name, remark }) => (remark === undefined ? [] : [[name.strategy, name.fault, remark]]));
    expect(remarks).toEqual([
      ['none', 'same-batch', 'unexpected'],
      ['ledger', 'crash', 'promise-broken'],
      ['checkpoint', 'everything', 'not-judged'],
    ]);
  });
});

describe('summarize', () => {
  it('calls a promise kept only if it was tested', () => {
    expect(summarize(sampleReport()).headline).toBe(
      'Promise kept: ledger and checkpoint stayed exact in all 88 cells.',
    );
    expect(
      summarize(
        sampleReport({
          strategies: ['ledger'],
          faults: ['crash'],
          stages: ['map'],
          transactions: ['several'],
        }),
      ).headline,
    ).toBe('Promise kept: ledger stayed exact in the one cell.');
    expect(summarize(sampleReport({ strategies: ['none'] })).headline).toContain('Nothing to keep');
    expect(summarize({ ...sampleReport(), cells: [] }).headline).toContain('Nothing to keep');
  });

  it('names the strategy that broke its promise, and counts the other remarks', () => {
    expect(summarize(troubledReport())).toEqual({
      headline: 'Promise broken: ledger did not stay exact.',
      notes: [
        'Cells without a result, which do not count as passes: 1.',
        'Cells with an unexpected outcome: 1.',
      ],
    });
  });

  it('does not call a promise kept when a cell has no result', () => {
    expect(summarize({ ...troubledReport(), verdict: 'incomplete' }).headline).toBe(
      'Undecided: 1 cell without a result.',
    );
  });
});

describe('abbreviateCell', () => {
  it('shows a wrong message count where no amount is wrong', () => {
    const cells = troubledReport().cells.filter(
      ({ strategy, fault }) => strategy === 'none' && fault === 'crash',
    );
    expect(cells.map(abbreviateCell)).toEqual([['+1.2M'], ['+1.2M'], ['count −3'], ['+1.2M']]);
  });

  it('is never empty', () => {
    for (const cell of [undefined, ...troubledReport().cells]) {
      expect(abbreviateCell(cell).join('')).not.toBe('');
    }
  });
});

describe('listWords', () => {
  it('separates words as a sentence does', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listWords)).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});
