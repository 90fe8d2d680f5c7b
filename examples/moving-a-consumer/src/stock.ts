import {
  checkpoint,
  type Effect,
  incrementEach,
  type Strategy,
  type TransactionPort,
} from '@oncefold/commit';
import { type CommitResponse, commitOnce, type LambdaContext } from '@oncefold/middleware';
import { type Contribution, parseDecimal, parseJsonExact } from '@oncefold/reducer';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';

export type StockHandler = (
  event: KinesisStreamEvent,
  context: LambdaContext,
) => Promise<CommitResponse<KinesisStreamEvent>>;

/** Counts each order that arrived at the cut-over or later, exactly once. */
export function createStock(options: {
  readonly transactions: TransactionPort;
  /** In seconds since the epoch. An order that arrived before it adds nothing. */
  readonly cutOver: number;
  readonly consumer?: string;
  readonly table?: string;
}): StockHandler {
  const { transactions, cutOver, consumer = 'stock', table = 'Stock' } = options;
  return commitOnce(
    { transactions, strategy: stockStrategy(consumer), effect: stockEffect(table) },
    ({ Records }: KinesisStreamEvent) =>
      Records.map((record) => ({
        contribution: arrivedAt(record) >= cutOver ? piecesOf(record) : new Map(),
      })),
  );
}

export function stockStrategy(consumer: string): Strategy {
  return checkpoint({
    namespace: 'shop',
    consumer,
    table: 'Positions',
    startsTable: 'Ledger',
    parallelizationFactor: 1,
  });
}

/** The rows and the attribute that the old function adds to. */
export function stockEffect(table: string): Effect {
  return incrementEach({ table, key: 'Shelf', attribute: 'Pieces' });
}

/** What one order adds: the arithmetic of the old function without its write. */
function piecesOf({ kinesis }: KinesisStreamRecord): Contribution {
  const order = parseJsonExact(Buffer.from(kinesis.data, 'base64').toString());
  return new Map([[order.get('shelf').text(), parseDecimal(order.get('pieces').numberText())]]);
}

/** In seconds since the epoch. */
export function arrivedAt({ kinesis }: KinesisStreamRecord): number {
  return kinesis.approximateArrivalTimestamp;
}
