import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { publishCommit } from '@oncefold/commit-function';
import { commitOnce } from '@oncefold/middleware';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { compose } from './compose.ts';
import { foldChanges } from './fold-changes.ts';

const { logger, metrics, transactions, strategy, effect, fold, induced } = compose(process.env);

/** StateTable's stream → one row of sums per batch in ReduceTable. `after` runs from the last to the first. */
export const handler = middy<DynamoDBStreamEvent>()
  .use([...induced])
  .use(injectLambdaContext(logger))
  .use(commitOnce({ transactions, strategy, effect, onCommitted: publishCommit(metrics, logger) }))
  .handler(async (event) => foldChanges(event.Records, fold));
