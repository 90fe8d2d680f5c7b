import middy from '@middy/core';
import { incrementEach, ledger } from '@oncefold/commit';
import { createMemoryTransactions } from '@oncefold/commit/memory';
import { commitOnce } from '@oncefold/middleware';
import { parseDecimal } from '@oncefold/reducer';
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

/** How many pieces lie on each shelf. */
export const handler = middy<KinesisStreamEvent>()
  .use(commitOnce({ transactions, strategy, effect }))
  .handler(async (event) =>
    event.Records.map(({ kinesis }) => {
      const { shelf, pieces } = JSON.parse(Buffer.from(kinesis.data, 'base64').toString()) as Record<
        string,
        string
      >;
      return { contribution: new Map([[String(shelf), parseDecimal(String(pieces))]]) };
    }),
  );
