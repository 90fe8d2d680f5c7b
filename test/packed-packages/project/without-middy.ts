import { incrementEach, ledger } from '@oncefold/commit';
import { createMemoryTransactions } from '@oncefold/commit/memory';
import { commitOnce } from '@oncefold/middleware';
import { parseDecimal } from '@oncefold/reducer';
import type { Context, SQSEvent } from 'aws-lambda';

const transactions = createMemoryTransactions({ now: Date.now });

/** A team that has no Middy counts the messages of a queue. */
export const handler = commitOnce(
  {
    transactions,
    strategy: ledger({ namespace: 'warehouse', consumer: 'counts', table: 'Ledger' }),
    effect: incrementEach({ table: 'Counts', key: 'Queue', attribute: 'Messages' }),
  },
  ({ Records }: SQSEvent) =>
    Records.map(({ eventSourceARN }) => ({ contribution: new Map([[eventSourceARN, parseDecimal('1')]]) })),
);

const message = {
  messageId: 'm-1',
  eventSourceARN: 'queue',
  body: '{}',
  attributes: { SentTimestamp: String(Date.now()) },
};
const event = { Records: [message] } as unknown as SQSEvent;
const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
await handler(event, context);
await handler(event, context);
console.log(JSON.stringify(transactions.items('Counts')));
