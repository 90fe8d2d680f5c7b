import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoDbTransactions } from '@oncefold/commit/dynamodb';
import type { LambdaContext } from '@oncefold/middleware';
import type { KinesisStreamEvent } from 'aws-lambda';
import { retryConflicts } from './retry-conflicts.ts';
import { arrivedAt, createStock } from './stock.ts';
import { createStockBefore } from './stock-before.ts';
import { switchAt } from './switch-at.ts';

const cutOver = Number(process.env['CUT_OVER']);
if (!Number.isSafeInteger(cutOver) || cutOver <= 0) {
  throw new Error('CUT_OVER must be the cut-over in whole seconds since the epoch');
}
const transactions = createDynamoDbTransactions(new DynamoDBClient({ maxAttempts: 1 }));

export const handler: (event: KinesisStreamEvent, context: LambdaContext) => Promise<unknown> = switchAt({
  cutOver,
  timeOf: arrivedAt,
  before: createStockBefore(retryConflicts(new DynamoDBClient())),
  after: createStock({ transactions, cutOver }),
});
