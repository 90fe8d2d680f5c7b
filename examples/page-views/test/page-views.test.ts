// Goal: each visit counts once, whatever fails. Method: simulated histories with every fault; and markers that nobody looks at, which must be found.
import { readFileSync } from 'node:fs';
import { systemClock } from '@oncefold/commit';
import { createMemoryTransactions } from '@oncefold/commit/memory';
import { createTurn, type FunctionEnvironment, foldStage, runSeeds } from '@oncefold/simulator';
import { describe, expect, it } from 'vitest';
import { createPageViews } from '../src/page-views.ts';

type Wrap = (transactions: FunctionEnvironment['transactions']) => FunctionEnvironment['transactions'];
const simulation = (wrap: Wrap = (transactions) => transactions) =>
  foldStage({
    source: 'dynamodb',
    handler: ({ transactions, clock }) => createPageViews(wrap(transactions), clock),
    tables: [
      { name: 'PageViews', key: ['PK', 'SK'] },
      { name: 'Ledger', key: ['Marker'] },
      { name: 'Quarantine', key: ['Source', 'Part'] },
    ],
    record: (draw) => ({
      Page: { S: draw.pick(['/', '/prices', '/a#b']) },
      At: { S: draw.pick(['2026-11-25T23:59:59.999Z', '2026-11-26T00:00:00Z', 'yesterday']) },
      Seconds: { N: draw.pick(['0.1', '12.30', '7']) },
    }),
    sums: { table: 'PageViews', measures: ['views', 'seconds'] },
    expected: (visits) =>
      visits
        .filter(({ At }) => At.S !== 'yesterday')
        .map(({ Page, At, Seconds }) => ({
          PK: `PAGE#${Page.S.replace('#', '%23')}`,
          SK: `DAY#${At.S.slice(0, 10)}`,
          views: '1',
          seconds: Seconds.N,
        })),
  });

/** The same with markers that nobody looks at: every redelivery counts. */
const uncheckedMarkers: Wrap = (transactions) => ({
  transact: ({ actions, ...request }) =>
    transactions.transact({
      ...request,
      actions: actions.map((action) =>
        action.type === 'put-if-absent' ? { ...action, type: 'put' } : action,
      ),
    }),
});

describe('createPageViews', { timeout: 60_000 }, () => {
  it('counts views and seconds exactly, whatever fails', async () => {
    const { violating, faults } = await runSeeds(simulation(), { from: 0, count: 300, turn: createTurn() });
    expect(violating).toEqual([]);
    expect(Object.keys(faults).length).toBeGreaterThan(15);
  });

  it('would count twice if nobody looked at its markers', async () => {
    const { violating } = await runSeeds(simulation(uncheckedMarkers), {
      from: 0,
      count: 50,
      turn: createTurn(),
    });
    expect(violating[0]?.violations[0]?.kind).toBe('doubled');
  });

  it('takes the event for sam local invoke on any day', async () => {
    const transactions = createMemoryTransactions({ now: () => 0 });
    const handler = createPageViews(transactions, { ...systemClock, now: () => Date.UTC(2100, 0) });
    const event = JSON.parse(readFileSync(new URL('../events/visits.json', import.meta.url), 'utf8'));
    await handler(event, { awsRequestId: 'test', getRemainingTimeInMillis: () => 60_000 });
    expect(transactions.items('PageViews')).not.toEqual([]);
    expect(transactions.items('Quarantine')).toEqual([]);
  });
});
