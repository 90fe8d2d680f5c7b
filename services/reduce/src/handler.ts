import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { withRedrive } from '@oncefold/function-kit';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { compose } from './compose.ts';
import { foldRows } from './fold-rows.ts';
import { rowId } from './row-id.ts';

const { logger, transactions, strategy, door, effect, recordId, onCommitted, fold } = compose(process.env);

/** ReduceTable's stream → every node of AggregateTable, in one transaction. */
export const handler = withRedrive(
  { transactions, strategy, door, effect, recordId, redriveId: rowId, onCommitted, logger },
  middy<DynamoDBStreamEvent>().use(injectLambdaContext(logger)).handler(foldRows(fold)),
);
