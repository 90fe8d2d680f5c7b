// Goal: the revenue is that of the newest version of each order, whatever fails and in whatever order versions arrive.
// Method: simulated histories of both functions, with every fault and with orders that cannot be summed; and markers that nobody looks at, which must be found.
import { readFileSync } from 'node:fs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { systemClock } from '@oncefold/commit';
import { createMemoryTransactions } from '@oncefold/commit/memory';
import { createTurn, type FunctionEnvironment, foldStage, runSeeds } from '@oncefold/simulator';
import { describe, expect, it } from 'vitest';
import { createKeepOrders } from '../src/keep-orders.ts';
import { createRevenue } from '../src/revenue.ts';

const regions = ['EMEA', 'APAC'] as const;
const amounts = [12.3, 0.1, 0.2, 99.99] as const;

/** What no order may have; it must neither be kept nor stop the others. */
const hostile = [{ amount: 1e30 }, { amount: 1e-20 }, { region: '' }, { placedAt: 'never' }] as const;
const HOSTILE_VERSION = 5;

/** The content follows from order and version: a producer says one thing only of a version. */
function orderOf(id: number, version: number) {
  return {
    orderId: `order-${id}`,
    version,
    region: regions[(id + version) % 2] ?? '',
    placedAt: id === 0 ? '2026-11-25T23:30:00Z' : '2026-11-26T08:00:00Z',
    amount: amounts[(id * 3 + version) % 4] ?? 0,
    status: (id + version) % 4 === 3 && version !== HOSTILE_VERSION ? 'cancelled' : 'placed',
    ...(version === HOSTILE_VERSION ? hostile[id % 4] : {}),
  };
}

type Wrap = (transactions: FunctionEnvironment['transactions']) => FunctionEnvironment['transactions'];
const simulation = (wrap: Wrap = (transactions) => transactions) =>
  foldStage({
    handler: ({ createClient, clock }) =>
      createKeepOrders(createClient(3) as unknown as DynamoDBClient, clock),
    followers: { Orders: ({ transactions, clock }) => createRevenue(wrap(transactions), clock) },
    tables: [
      { name: 'Orders', key: ['OrderId'], stream: 'NEW_AND_OLD_IMAGES' },
      { name: 'Revenue', key: ['Region', 'Day'] },
      { name: 'Ledger', key: ['Marker'] },
      { name: 'Quarantine', key: ['Source', 'Part'] },
    ],
    record: (draw) => orderOf(draw.integer(0, 3), draw.integer(0, HOSTILE_VERSION)),
    sums: { table: 'Revenue', measures: ['orders', 'revenue'] },
    expected: (sent) =>
      [
        ...Map.groupBy(
          sent.filter(({ version }) => version !== HOSTILE_VERSION),
          ({ orderId }) => orderId,
        ).values(),
      ]
        .map((versions) => versions.reduce((a, b) => (b.version > a.version ? b : a)))
        .filter(({ status }) => status === 'placed')
        .map(({ region, placedAt, amount }) => ({
          Region: region,
          Day: placedAt.slice(0, 10),
          orders: '1',
          revenue: String(amount),
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

describe('createKeepOrders and createRevenue', { timeout: 60_000 }, () => {
  it('sum the newest versions exactly, whatever fails', async () => {
    const { violating, faults } = await runSeeds(simulation(), { from: 0, count: 300, turn: createTurn() });
    expect(violating).toEqual([]);
    expect(Object.keys(faults).length).toBeGreaterThan(15);
  });

  it('would be wrong if nobody looked at the markers', async () => {
    const { violating } = await runSeeds(simulation(uncheckedMarkers), {
      from: 0,
      count: 50,
      turn: createTurn(),
    });
    expect(violating).not.toEqual([]);
  });

  it('takes the event for sam local invoke on any day', async () => {
    const transactions = createMemoryTransactions({ now: () => 0 });
    const handler = createRevenue(transactions, { ...systemClock, now: () => Date.UTC(2100, 0) });
    const event = JSON.parse(readFileSync(new URL('../events/changes.json', import.meta.url), 'utf8'));
    await handler(event, { awsRequestId: 'test', getRemainingTimeInMillis: () => 60_000 });
    expect(transactions.items('Revenue')).not.toEqual([]);
    expect(transactions.items('Quarantine')).toEqual([]);
  });
});
