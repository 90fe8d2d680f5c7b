import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { commitOnce } from '@oncefold/middleware';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { compose } from './compose.ts';
import { contributionsOfChanges } from './contributions-of-changes.ts';

const { logger, transactions, strategy, effect, onCommitted, changes, readRecount } = compose(process.env);

/** StateTable's stream → rows of sums in ReduceTable. */
export const handler = commitOnce(
  { transactions, strategy, effect, onCommitted },
  middy<DynamoDBStreamEvent>()
    .use(injectLambdaContext(logger))
    .handler(async (event) =>
      contributionsOfChanges(event.Records, { ...changes, recount: await readRecount() }),
    ),
);
