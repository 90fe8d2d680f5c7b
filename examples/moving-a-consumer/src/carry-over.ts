import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { commitBatch, ledger, type TransactionPort } from '@oncefold/commit';
import { parseSum } from '@oncefold/reducer';
import { stockEffect } from './stock.ts';

const TIME_LIMIT_MS = 60_000;

/** Adds what the old function counted before the cut-over to the new rows, each row once however often this is run. */
export async function carryOver(dynamodb: DynamoDBClient, transactions: TransactionPort): Promise<void> {
  const strategy = ledger({
    namespace: 'shop',
    consumer: 'carry-over',
    table: 'Ledger',
    retentionSeconds: 90 * 86_400,
    now: Date.now,
  });
  const options = {
    transactions,
    strategy,
    effect: stockEffect('StockExact'),
    remainingMs: () => TIME_LIMIT_MS,
  };
  for await (const { Items = [] } of paginateScan(
    { client: dynamodb },
    { TableName: 'Stock', ConsistentRead: true },
  )) {
    for (const { Shelf, Pieces } of Items) {
      if (Shelf?.S !== undefined && Pieces?.N !== undefined) {
        const contribution = new Map([[Shelf.S, parseSum(Pieces.N)]]);
        await commitBatch({ source: 'Stock', records: [{ id: Shelf.S, contribution }] }, options);
      }
    }
  }
}
