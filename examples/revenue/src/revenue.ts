import { aggregateTable, type Clock, ledger, systemClock, type TransactionPort } from '@oncefold/commit';
import { commitOnce } from '@oncefold/middleware';
import { eachRecord } from '@oncefold/middleware/each-record';
import { negate, parseDecimal } from '@oncefold/reducer';
import type { DynamoDBRecord } from 'aws-lambda';

const names = { namespace: 'shop', consumer: 'revenue' };

const revenue = aggregateTable({
  table: 'Revenue',
  key: { Region: '{region}', Day: '{day}' },
  measures: ['orders', 'revenue'],
});

/** An order as the table Orders has it. */
export type Order = Readonly<Record<string, { readonly S?: string; readonly N?: string } | undefined>>;

/** What an order adds; one that is cancelled, or is not there, adds nothing. */
export function shareOf(order: Order | undefined, sign: 1 | -1) {
  if (order?.['Amount'] === undefined) {
    return [];
  }
  const amount = parseDecimal(order['Amount'].N ?? '');
  return [
    revenue.add(
      { region: order['Region']?.S ?? '', day: order['Day']?.S ?? '' },
      { orders: sign, revenue: sign === 1 ? amount : negate(amount) },
    ),
  ];
}

/** Adds what an order is now, and retracts what it was before. */
export function createRevenue(transactions: TransactionPort, clock: Clock = systemClock) {
  const strategy = ledger({ ...names, table: 'Ledger', now: () => clock.now() });
  return commitOnce(
    { transactions, clock, strategy, effect: revenue },
    eachRecord(
      { quarantine: { ...names, table: 'Quarantine' } },
      ({ NewImage, OldImage }, _: DynamoDBRecord) => [...shareOf(NewImage, 1), ...shareOf(OldImage, -1)],
    ),
  );
}
