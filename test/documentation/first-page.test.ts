// Goal: the figures of the first page are those of the report that the site shows.
// Method: each row of its table is compared with the stored report, which `npm run oncefold -- compare --quick` has made.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { root } from './code-blocks.ts';

interface Report {
  readonly parameters: { readonly quick: boolean };
  readonly cells: readonly { readonly strategy: string; readonly outcome: string }[];
  readonly overheads: readonly {
    readonly stage: string;
    readonly strategy: string;
    readonly batchSize: number;
    readonly requestsPerBatch: number;
    readonly unitsPerBatch: { readonly write: number };
  }[];
  readonly costs: readonly {
    readonly stage: string;
    readonly strategy: string;
    readonly batchSize: number;
    readonly usdPerMillionRecords: number;
  }[];
}

const report = JSON.parse(
  gunzipSync(readFileSync(join(root, 'site/comparison/report.json.gz'))).toString('utf8'),
) as Report;
const rows = readFileSync(join(root, 'docs/index.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, strategy] = /^\| `([\w-]+)` \|/.exec(line) ?? [];
    return strategy === undefined ? [] : [{ strategy, cells: line.split('|').map((cell) => cell.trim()) }];
  });

describe('docs/index.md', () => {
  it('has a row for each strategy of the report', () => {
    expect(report.parameters.quick).toBe(true);
    expect(rows.map(({ strategy }) => strategy)).toEqual([
      ...new Set(report.cells.map(({ strategy }) => strategy)),
    ]);
  });

  it.each(rows)('has the figures of the report: $strategy', ({ strategy, cells }) => {
    const own = report.cells.filter((cell) => cell.strategy === strategy);
    const exact = own.filter(({ outcome }) => outcome === 'exact');
    const isShown = (each: { stage: string; strategy: string; batchSize: number }): boolean =>
      each.stage === 'reduce' && each.strategy === strategy && each.batchSize === 100;
    const overhead = report.overheads.find(isShown);
    const cost = report.costs.find(isShown);
    expect([cells[3], ...cells.slice(5, 8)]).toEqual([
      `${exact.length} of ${own.length}`,
      String(overhead?.requestsPerBatch),
      String(overhead?.unitsPerBatch.write),
      cost?.usdPerMillionRecords.toFixed(2),
    ]);
  });
});
