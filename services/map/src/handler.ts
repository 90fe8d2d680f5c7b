import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { withRedrive } from '@oncefold/function-kit';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { compose } from './compose.ts';
import { foldChanges } from './fold-changes.ts';

const { logger, transactions, strategy, door, effect, onCommitted, fold } = compose(process.env);

/** StateTable's stream → rows of sums in ReduceTable. */
export const handler = withRedrive(
  { transactions, strategy, door, effect, onCommitted, logger },
  middy<DynamoDBStreamEvent>().use(injectLambdaContext(logger)).handler(foldChanges(fold)),
);
