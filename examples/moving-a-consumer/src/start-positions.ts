import { commitBatch, type TransactionPort } from '@oncefold/commit';
import { stockEffect, stockStrategy } from './stock.ts';

const TIME_LIMIT_MS = 60_000;

/**
 * Starts each shard behind the last record that the old function has applied. It can be run again.
 *
 * @param applied - shard id and sequence number, from the log of the old function
 * @param options.source - the stream's ARN, as the events name it
 */
export async function startPositions(
  applied: ReadonlyMap<string, string>,
  { transactions, source }: { readonly transactions: TransactionPort; readonly source: string },
): Promise<void> {
  for (const [shardId, sequenceNumber] of applied) {
    // A record that adds nothing moves the position, and that is all it does.
    const record = { id: `${shardId}:${sequenceNumber}`, sequenceNumber, contribution: new Map() };
    await commitBatch(
      { source, shardId, records: [record] },
      {
        transactions,
        strategy: stockStrategy('stock'),
        effect: stockEffect('Stock'),
        remainingMs: () => TIME_LIMIT_MS,
      },
    );
  }
}
