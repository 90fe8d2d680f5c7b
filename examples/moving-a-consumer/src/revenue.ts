import { incrementEach, ledger, type TransactionPort } from '@oncefold/commit';
import { type CommitResponse, commitOnce, type LambdaContext } from '@oncefold/middleware';
import { type Contribution, parseDecimal } from '@oncefold/reducer';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';

export type RevenueHandler = (
  event: DynamoDBStreamEvent,
  context: LambdaContext,
) => Promise<CommitResponse<DynamoDBStreamEvent>>;

const effect = incrementEach({ table: 'Revenue', key: 'Region', attribute: 'Amount' });

/** Counts each order that was written at the cut-over or later, exactly once. */
export function createRevenue(options: {
  readonly transactions: TransactionPort;
  /** In seconds since the epoch. An order that was written before it adds nothing. */
  readonly cutOver: number;
}): RevenueHandler {
  const { transactions, cutOver } = options;
  const strategy = ledger({
    namespace: 'shop',
    consumer: 'revenue',
    table: 'Ledger',
    retentionSeconds: 8 * 86_400,
    now: Date.now,
  });
  return commitOnce({ transactions, strategy, effect }, ({ Records }: DynamoDBStreamEvent) =>
    Records.map((record) => ({
      contribution: writtenAt(record) >= cutOver ? amountOf(record) : new Map(),
    })),
  );
}

/** What one record adds: the arithmetic of the old function, for one record and without its write. */
function amountOf({ eventName, dynamodb }: DynamoDBRecord): Contribution {
  const region = dynamodb?.NewImage?.['Region']?.S;
  const amount = dynamodb?.NewImage?.['Amount']?.N;
  return eventName === 'INSERT' && region !== undefined && amount !== undefined
    ? new Map([[region, parseDecimal(amount)]])
    : new Map();
}

/** In seconds since the epoch; DynamoDB rounds it down to a whole one. */
export function writtenAt({ dynamodb }: DynamoDBRecord): number {
  const time = dynamodb?.ApproximateCreationDateTime;
  if (time === undefined) {
    throw new Error('a record without ApproximateCreationDateTime is on no side of the cut-over');
  }
  return time;
}
