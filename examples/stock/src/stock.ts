import {
  aggregateTable,
  type Clock,
  ledger,
  type PutIfAbsent,
  systemClock,
  type TransactionPort,
} from '@oncefold/commit';
import { commitOnce } from '@oncefold/middleware';
import { eachRecord } from '@oncefold/middleware/each-record';
import { negate, parseDecimal, parseJsonExact } from '@oncefold/reducer';
import type { KinesisStreamEvent } from 'aws-lambda';

const names = { namespace: 'shop', consumer: 'stock' };

const stock = aggregateTable({
  table: 'Stock',
  key: { Product: '{product}' },
  measures: ['pieces'],
  limits: { pieces: { min: 0 } },
});

/** What the shop is told of an order, in the order's own transaction. */
const answer = (orderId: string, Answer: 'accepted' | 'refused'): PutIfAbsent => ({
  type: 'put-if-absent',
  table: 'Answers',
  key: { OrderId: { S: orderId } },
  attributes: { Answer: { S: Answer } },
});

/** Takes what is ordered from stock, and puts deliveries there: orders of a negative number of pieces. */
export function createStock(transactions: TransactionPort, clock: Clock = systemClock) {
  const strategy = ledger({ ...names, table: 'Ledger', now: () => clock.now() });
  return commitOnce<KinesisStreamEvent>(
    {
      transactions,
      clock,
      strategy,
      effect: stock,
      onConditionFailed: ({ kinesis }, { failures }) => {
        if (failures.some(({ action }) => action.table === 'Answers')) {
          // The shop has sent the order twice.
          return {};
        }
        const order = parseJsonExact(Buffer.from(kinesis.data, 'base64').toString());
        return { writes: [answer(order.get('orderId').text(), 'refused')] };
      },
    },
    eachRecord({ quarantine: { ...names, table: 'Quarantine' } }, (order) => ({
      contribution: stock.add(
        { product: order.get('product').text() },
        { pieces: negate(parseDecimal(order.get('pieces').numberText())) },
      ),
      writes: [answer(order.get('orderId').text(), 'accepted')],
    })),
  );
}
