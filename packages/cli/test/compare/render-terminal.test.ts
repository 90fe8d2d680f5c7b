import { hostileReport, sampleReport, troubledReport } from '@oncefold/comparison/test-support';
import { describe, expect, it } from 'vitest';
import { renderTerminal } from '../../src/compare/report-view/render-terminal.ts';

const plain = { columns: 100, colour: false };

function linesOf(text: string, beginning: string): readonly string[] {
  return text.split('\n').filter((line) => line.startsWith(beginning));
}

describe('renderTerminal', () => {
  it('has a column for each fault where the width allows', () => {
    const text = renderTerminal(sampleReport({ stages: ['reduce'], transactions: ['one'] }), {
      columns: 160,
      colour: false,
    });
    expect(linesOf(text, '│ powertools ')).toEqual([
      '│ powertools    │ exact    │ exact      │ +1.2M     │ exact      │ +641K    │ +2.41M    │ exact      │ +633K  │ exact      │ exact      │ +4.48M     │',
    ]);
    expect(text).toContain('│ −18.5    │ −12K ');
  });

  it('has a column for each strategy where it is narrower', () => {
    const text = renderTerminal(sampleReport({ stages: ['reduce'], transactions: ['one'] }), plain);
    expect(linesOf(text, '│ Crash after the commit')).toEqual([
      '│ Crash after the commit   │ +1.2M  │ exact         │ +1.2M      │ exact  │ exact      │',
    ]);
  });

  it('makes a list where no table fits', () => {
    const text = renderTerminal(sampleReport({ stages: ['reduce'], transactions: ['one'] }), {
      columns: 60,
      colour: false,
    });
    expect(text).toContain(
      'powertools\n  No fault: exact\n  Same batch again: exact\n  Crash after the commit: +1.2M\n',
    );
  });

  it('shows a matrix for each stage and number of transactions', () => {
    const titles = linesOf(renderTerminal(sampleReport(), plain), '').filter((line) =>
      line.endsWith('exact or not'),
    );
    expect(titles).toEqual([
      'reduce stage, one transaction per batch: exact or not',
      'reduce stage, several transactions per batch: exact or not',
      'map stage, one transaction per batch: exact or not',
      'map stage, several transactions per batch: exact or not',
    ]);
  });

  it.each([60, 80, 100, 120, 160])('keeps within %i columns', (columns) => {
    for (const line of renderTerminal(sampleReport(), { columns, colour: false }).split('\n')) {
      expect(line.length, line).toBeLessThanOrEqual(columns);
    }
  });

  it('leaves out the least important overheads first', () => {
    const wide = renderTerminal(sampleReport({ stages: ['map'] }), { columns: 160, colour: false });
    const narrow = renderTerminal(sampleReport({ stages: ['map'] }), { columns: 60, colour: false });
    expect(linesOf(wide, '│   100 │ ledger')).toEqual([
      '│   100 │ ledger        │        2 │       2 │   204 │     0 │ 12.8 ms │ 20.4 ms │   1.63× │  +4.91 ms │     $1.44 │    $1.42 │ engine │',
    ]);
    expect(linesOf(narrow, '│   100 │ ledger')).toEqual(['│   100 │ ledger        │        2 │   204 │']);
  });

  it('describes the cells with a remark, with the command that runs each of them alone', () => {
    const text = renderTerminal(troubledReport(), plain);
    expect(text).toContain('Wrong: 0.000000000001 too much');
    expect(text.replace(/\s+/g, ' ')).toContain('No result, something failed that was not planned: an');
    expect(linesOf(text, '  oncefold compare')).toHaveLength(3);
    expect(text).toContain('!!');
    expect(text.split('\n').at(-3)).toBe('Promise broken: ledger did not stay exact.');
  });

  it('states seed, versions, machine and what is modelled', () => {
    const text = renderTerminal(sampleReport(), plain);
    expect(text).toContain('Seed: 7');
    expect(text).toContain('dynamodb-local 2.6.1');
    expect(text).toContain('Machine: Example CPU at 2.20GHz, 2 cores, 7.7 GiB, linux x64');
    expect(text).toContain('- Transaction conflicts and throttling are injected');
  });

  it('is plain where colour is not wanted, whatever the texts hold', () => {
    const text = renderTerminal(hostileReport(), plain);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('has colours where they are wanted', () => {
    expect(renderTerminal(sampleReport(), { columns: 160, colour: true })).toContain('\u001b[31m+1.2M');
  });

  it.each([
    ['no cells', { ...sampleReport(), cells: [] }],
    ['no overheads', sampleReport({ overheads: false })],
    ['neither', { ...sampleReport({ overheads: false }), cells: [], modelled: [] }],
    ['one cell', sampleReport({ stages: ['map'], strategies: ['ledger'], faults: ['crash'] })],
  ])('shows a report with %s', (_, report) => {
    const text = renderTerminal(report, plain);
    expect(text).toContain('this run');
    expect(text).not.toMatch(/\n{3}|undefined|NaN/);
  });
});
