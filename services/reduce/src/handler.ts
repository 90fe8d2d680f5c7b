import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { commitOnce } from '@oncefold/middleware';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { compose } from './compose.ts';
import { contributionsOfRows } from './contributions-of-rows.ts';

const { logger, transactions, strategy, effect, recordId, onCommitted, rows } = compose(process.env);

/** ReduceTable's stream → every node of AggregateTable, in one transaction. */
export const handler = commitOnce(
  { transactions, strategy, effect, recordId, onCommitted },
  middy<DynamoDBStreamEvent>()
    .use(injectLambdaContext(logger))
    .handler(async (event) => contributionsOfRows(event.Records, rows)),
);
