// Goal: stock never falls below zero, and every order is accepted or refused, once, whatever fails and however often it is sent.
// Method: simulated histories with every fault, in which the shop sends some orders twice; and two defects, which must be found.
import { readFileSync } from 'node:fs';
import { systemClock } from '@oncefold/commit';
import { createMemoryTransactions } from '@oncefold/commit/memory';
import { createTurn, type FunctionEnvironment, foldStage, runSeeds } from '@oncefold/simulator';
import { describe, expect, it } from 'vitest';
import { createStock } from '../src/stock.ts';

type Transactions = FunctionEnvironment['transactions'];
type Action = Parameters<Transactions['transact']>[0]['actions'][number];

/** Twelve orders of two products; every third is a delivery. */
function orderOf(id: number) {
  const pieces = id % 3 === 0 ? -5 : (id % 4) + 1;
  return { orderId: `order-${id}`, product: id % 2 === 0 ? 'tea' : 'coffee', pieces };
}

const simulation = (change: (action: Action) => Action = (action) => action) =>
  foldStage({
    handler: ({ transactions, clock }) =>
      createStock(
        {
          transact: ({ actions, ...request }) =>
            transactions.transact({ ...request, actions: actions.map(change) }),
        },
        clock,
      ),
    tables: [
      { name: 'Stock', key: ['Product'] },
      { name: 'Answers', key: ['OrderId'] },
      { name: 'Ledger', key: ['Marker'] },
      { name: 'Quarantine', key: ['Source', 'Part'] },
    ],
    record: (draw) => orderOf(draw.integer(0, 11)),
    sums: { table: 'Stock', measures: ['pieces'] },
    expected: (sent, { Answers = [] }) => {
      const accepted = new Set(
        Answers.filter(({ Answer }) => Answer === 'accepted').map((row) => row['OrderId']),
      );
      const orders = new Map(sent.map((order) => [order.orderId, order]));
      return [...orders.values()]
        .filter(({ orderId }) => accepted.has(orderId))
        .map(({ product, pieces }) => ({ Product: product, pieces: String(-pieces) }));
    },
    invariant: ({ Stock = [], Answers = [] }, { records, isDone }) => {
      if (Stock.some(({ pieces }) => Number(pieces) < 0)) {
        return 'stock is below zero';
      }
      const answered = new Set(Answers.map(({ OrderId }) => OrderId));
      const isAnswered = records.every(({ orderId }) => answered.has(orderId));
      return isDone && !isAnswered ? 'an order has no answer' : undefined;
    },
  });

describe('createStock', { timeout: 60_000 }, () => {
  it('never falls below zero, and accepts or refuses every order once, whatever fails', async () => {
    const { violating, faults } = await runSeeds(simulation(), {
      from: 0,
      count: 300,
      turn: createTurn(),
    });
    expect(violating).toEqual([]);
    expect(Object.keys(faults).length).toBeGreaterThan(15);
  });

  it('would fall below zero without its limit', async () => {
    const unlimited = (action: Action): Action => {
      if (action.type !== 'update') {
        return action;
      }
      const { condition: _, ...update } = action;
      return update;
    };
    const { violating } = await runSeeds(simulation(unlimited), { from: 0, count: 50, turn: createTurn() });
    expect(violating.flatMap(({ violations }) => violations.map(({ text }) => text))).toContain(
      'stock is below zero',
    );
  });

  it('would take an order twice if nobody looked whether it is answered', async () => {
    const overwriting = (action: Action): Action =>
      action.table === 'Answers' && action.type === 'put-if-absent' ? { ...action, type: 'put' } : action;
    const { violating } = await runSeeds(simulation(overwriting), { from: 0, count: 50, turn: createTurn() });
    expect(violating).not.toEqual([]);
  });

  it('takes the event for sam local invoke on any day', async () => {
    const transactions = createMemoryTransactions({ now: () => 0 });
    const handler = createStock(transactions, { ...systemClock, now: () => Date.UTC(2100, 0) });
    const event = JSON.parse(readFileSync(new URL('../events/orders.json', import.meta.url), 'utf8'));
    await handler(event, { awsRequestId: 'test', getRemainingTimeInMillis: () => 60_000 });
    expect(transactions.items('Stock')).not.toEqual([]);
    expect(transactions.items('Quarantine')).toEqual([]);
  });
});
