import { describe, expect, it } from 'vitest';
import type { ComparisonReport } from '../../src/report/comparison-report.ts';
import { formatReport, parseReport, ReportError } from '../../src/report/report-document.ts';
import { hostileReport } from './hostile-report.ts';
import { sampleReport } from './sample-report.ts';
import { troubledReport } from './troubled-report.ts';

const partial = sampleReport({
  stages: ['map'],
  transactions: ['several'],
  strategies: ['ledger'],
  faults: ['crash'],
  overheads: false,
});

describe('formatReport and parseReport', () => {
  it.each([
    ['a whole report', sampleReport()],
    ['a troubled one', troubledReport()],
    ['a partial one', partial],
    ['one without strategy none', sampleReport({ strategies: ['ledger', 'checkpoint'] })],
    ['one with hostile texts', hostileReport()],
  ])('give back %s as it was', (_, report) => {
    expect(parseReport(formatReport(report))).toEqual(report);
  });

  it.each<readonly [string, (report: ComparisonReport) => unknown]>([
    ['another format', (report) => ({ ...report, format: 'oncefold-compare/1' })],
    ['an unknown field', (report) => ({ ...report, colour: 'red' })],
    ['an amount as a number', (report) => withDifference(report, { duplicated: 1.5 })],
    ['an invalid amount', (report) => withDifference(report, { lost: '1,5' })],
    ['no machine', ({ machine: _, ...report }) => report],
    ['a cell of a strategy that is not described', (report) => ({ ...report, strategies: [] })],
    ['a cell of a fault that is not described', (report) => ({ ...report, faults: [] })],
    ['a cell of a stage without input', (report) => ({ ...report, inputs: [] })],
    ['a cell of batches that are not described', (report) => ({ ...report, transactions: [] })],
    ['an input twice', (report) => ({ ...report, inputs: [...report.inputs, ...report.inputs] })],
    ['a cell twice', (report) => ({ ...report, cells: [...report.cells, ...report.cells] })],
    [
      'a cell that cannot be replayed',
      (report) => ({ ...report, cells: report.cells.map((cell) => ({ ...cell, replay: '' })) }),
    ],
  ])('refuse %s', (_, change) => {
    const text = JSON.stringify(change(partial));
    expect(() => parseReport(text)).toThrow(ReportError);
  });

  it('refuse what is not JSON', () => {
    expect(() => parseReport('{')).toThrow('the text is not JSON');
  });

  it('never write what they could not read', () => {
    expect(() => formatReport({ ...partial, durationMs: Number.NaN })).toThrow(ReportError);
  });
});

function withDifference(report: ComparisonReport, change: object): unknown {
  const cells = report.cells.map((cell) =>
    cell.outcome === 'failed' ? cell : { ...cell, difference: { ...cell.difference, ...change } },
  );
  return { ...report, cells };
}
