import { createTurn, foldStage, runSeeds } from '@oncefold/simulator';
import { describe, expect, it } from 'vitest';
import { createPageViews } from './page-views.ts';

const simulation = foldStage<{ page: string }>({
  handler: createPageViews,
  tables: [
    { name: 'Views', key: ['Page'] },
    { name: 'Ledger', key: ['Marker'] },
  ],
  record: (draw) => ({ page: draw.pick(['/', '/prices', '/docs']) }),
  sums: { table: 'Views', measures: ['Count'] },
  expected: (records) => records.map(({ page }) => ({ Page: page, Count: '1' })),
});

describe('createPageViews', { timeout: 60_000 }, () => {
  it('counts every view once, whatever fails', async () => {
    const { violating, faults } = await runSeeds(simulation, { from: 0, count: 300, turn: createTurn() });
    expect(violating).toEqual([]);
    expect(Object.keys(faults).length).toBeGreaterThan(15);
  });
});
