import { expect, it } from 'vitest';
import { tableOf, withTable } from './page.ts';
import { type FigureResult, resultOf } from './results.ts';

const machine = { cpuModel: 'any', cores: 2, memoryBytes: 1, platform: 'linux x64', node: '24.0.0' };

function result(name: string, subject: number): FigureResult {
  const goal = { of: 'ratio', max: 2 } as const;
  const measure = () => Promise.reject(new Error('is not measured here'));
  const figure = { name, title: `the ${name}`, reference: 'a bare call', unit: 'ms', goal, measure };
  const pairs = [1, 2, 4].map((reference) => ({ subject, reference }));
  return resultOf(figure, { pairs }, false);
}

it('has a row for each figure that was measured under any conditions, with spread and goal', () => {
  const table = tableOf({
    machine,
    conditions: { quiet: [result('one', 2)], busy: [result('one', 6), result('two', 1)] },
  });
  expect(table.split('\n').slice(2)).toEqual([
    '| the one | a bare call | 2 × | 1 (0.5 to 2) × | 3 (1.5 to 6) ×, **missed** |',
    '| the two | a bare call | 2 × | not measured | 0.5 (0.25 to 1) × |',
  ]);
});

it('stands between its two lines of the page, in the place of an earlier one', () => {
  const page = 'before\n<!-- measured: begin -->\n\nold\n\n<!-- measured: end -->\nafter\n';
  expect(withTable(page, 'new')).toBe(page.replace('old', 'new'));
  expect(() => withTable('a page', 'new')).toThrow('lacks the lines');
});
