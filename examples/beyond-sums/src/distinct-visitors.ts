import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { incrementEach, ledger, type TransactionPort } from '@oncefold/commit';
import { type CommitResponse, commitOnce, type LambdaContext } from '@oncefold/middleware';
import { type Contribution, negate, one } from '@oncefold/reducer';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';

/** The state table: one item for each visitor of a page, however often they come. */
export async function noteVisit(
  dynamodb: DynamoDBClient,
  { page, visitor }: { readonly page: string; readonly visitor: string },
): Promise<void> {
  const put = new PutItemCommand({
    TableName: 'Visitors',
    Item: { Page: { S: page }, Visitor: { S: visitor } },
    ConditionExpression: 'attribute_not_exists(Visitor)',
  });
  try {
    await dynamodb.send(put);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) {
      throw error;
    }
  }
}

/** Counts the items of the state table, from its stream: a visitor who is forgotten is no longer counted. */
export function createDistinctVisitors({
  transactions,
}: {
  readonly transactions: TransactionPort;
}): (event: DynamoDBStreamEvent, context: LambdaContext) => Promise<CommitResponse<DynamoDBStreamEvent>> {
  const strategy = ledger({
    namespace: 'site',
    consumer: 'distinct-visitors',
    table: 'Ledger',
    retentionSeconds: 8 * 86_400,
    now: Date.now,
  });
  const effect = incrementEach({ table: 'Pages', key: 'Page', attribute: 'Visitors' });
  return commitOnce({ transactions, strategy, effect }, ({ Records }: DynamoDBStreamEvent) =>
    Records.map((record) => ({ contribution: contributionOf(record) })),
  );
}

function contributionOf({ eventName, dynamodb }: DynamoDBRecord): Contribution {
  const page = dynamodb?.Keys?.['Page']?.S;
  if (page === undefined || eventName === 'MODIFY') {
    return new Map();
  }
  return new Map([[page, eventName === 'INSERT' ? one : negate(one)]]);
}
