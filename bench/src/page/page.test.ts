import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../repository.ts';
import { anyFigure } from '../results/any-figure.ts';
import { keptResults, type Results } from '../results/kept-results.ts';
import { type FigureResult, resultOf } from '../results/result-of.ts';
import { machineOf, tableOf, withMeasured, withPart } from './page.ts';
import { plotsOf } from './sections/sections.ts';

const docs = join(repository, 'docs');
const page = readFileSync(join(docs, 'performance.md'), 'utf8');
const results = await keptResults();

describe('docs/performance.md', () => {
  it('says what the results say: `node bench/src/page/write-page.ts` writes it', () => {
    expect(page).toBe(withMeasured(page, results));
  });

  it('has a row for each figure that was measured', () => {
    const { quiet = [], busy = [] } = results.conditions;
    for (const { title } of [...quiet, ...busy]) {
      expect(page).toContain(`| ${title} |`);
    }
  });

  it('shows plots that are drawn from the results', () => {
    for (const [name, svg] of Object.entries(plotsOf(results))) {
      expect(page).toContain(`](images/${name})`);
      expect(readFileSync(join(docs, 'images', name), 'utf8')).toBe(svg);
    }
  });

  it('shows no image that does not exist', () => {
    for (const [, file = ''] of page.matchAll(/\]\((images\/[^)]+)\)/g)) {
      expect(existsSync(join(docs, file)), file).toBe(true);
    }
  });
});

describe('withMeasured', () => {
  it('refuses a page that lacks a part', () => {
    expect(() => withMeasured('# Performance', results)).toThrow('<!-- measured: begin -->');
  });

  it('says what was not measured, so that a page without results is whole', () => {
    const nothing: Results = { ...results, conditions: {} };
    const written = withMeasured(page, nothing);
    expect(written.match(/Not measured yet/g)).toHaveLength(7);
    expect(withMeasured(written, nothing)).toBe(written);
    expect(plotsOf(nothing)).toEqual({});
  });
});

const machine = { cpuModel: 'any', cores: 2, memoryBytes: 1, platform: 'linux x64', node: '24.0.0' };

function result(name: string, subject: number): FigureResult {
  const pairs = [1, 2, 4].map((reference) => ({ subject, reference }));
  return resultOf(anyFigure({ of: 'ratio', max: 2 }, name), { pairs }, false);
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

it('says on what machine the figures were made', () => {
  expect(machineOf({ machine: { ...machine, memoryBytes: 8 * 1024 ** 3 }, conditions: {} })).toBe(
    'All figures are of one machine: 2 cores (any), 8 GiB of memory, linux x64, Node.js 24.0.0.',
  );
});

it('stands between its two lines of the page, in the place of an earlier one', () => {
  const page = 'before\n<!-- measured: begin -->\n\nold\n\n<!-- measured: end -->\nafter\n';
  expect(withPart(page, 'measured', 'new')).toBe(page.replace('old', 'new'));
  expect(() => withPart('a page', 'measured', 'new')).toThrow('lacks the lines');
});
