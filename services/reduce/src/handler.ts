import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { publishCommit } from '@oncefold/commit-function';
import { commitOnce } from '@oncefold/middleware';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { compose } from './compose.ts';
import { foldRows, rowId } from './fold-rows.ts';

const { logger, metrics, transactions, strategy, effect, fold, induced } = compose(process.env);

/** ReduceTable's stream → every node of AggregateTable, in one transaction. `after` runs from the last to the first. */
export const handler = middy<DynamoDBStreamEvent>()
  .use([...induced])
  .use(injectLambdaContext(logger))
  .use(
    commitOnce({
      transactions,
      strategy,
      effect,
      recordId: rowId,
      onCommitted: publishCommit(metrics, logger),
    }),
  )
  .handler(async (event) => foldRows(event.Records, fold));
