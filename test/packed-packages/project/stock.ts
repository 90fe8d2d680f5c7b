import middy from '@middy/core';
import { incrementEach, ledger } from '@oncefold/commit';
import { createMemoryTransactions } from '@oncefold/commit/memory';
import { commitOnce } from '@oncefold/middleware';
import { parseDecimal, parseJsonExact } from '@oncefold/reducer';
import type { KinesisStreamEvent } from 'aws-lambda';

export const transactions = createMemoryTransactions({ now: Date.now });
const strategy = ledger({
  namespace: 'warehouse',
  consumer: 'stock',
  table: 'Ledger',
  retentionSeconds: 86_400,
  now: Date.now,
});
const effect = incrementEach({ table: 'Stock', key: 'Shelf', attribute: 'Pieces' });

/** How many pieces are on each shelf. */
export const handler = commitOnce(
  { transactions, strategy, effect },
  middy<KinesisStreamEvent>().handler(async (event) =>
    event.Records.map(({ kinesis }) => {
      const delivery = parseJsonExact(Buffer.from(kinesis.data, 'base64').toString());
      const pieces = parseDecimal(delivery.get('pieces').numberText());
      return { contribution: new Map([[delivery.get('shelf').text(), pieces]]) };
    }),
  ),
);
