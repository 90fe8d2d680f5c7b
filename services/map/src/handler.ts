import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { readRedriveRequest, withRedrive } from '@oncefold/function-kit';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { compose } from './compose.ts';
import { contributionsOfChanges } from './contributions-of-changes.ts';

const { logger, transactions, strategy, door, effect, onCommitted, changes, readRecounts, recountGuard } =
  compose(process.env);

/** StateTable's stream → rows of sums in ReduceTable. */
export const handler = withRedrive(
  { transactions, strategy, door, effect, onCommitted, logger },
  middy<DynamoDBStreamEvent>()
    .use(injectLambdaContext(logger))
    .handler(async (event) => {
      if (readRedriveRequest(event) === undefined) {
        const { running, repairs } = await readRecounts();
        return contributionsOfChanges(event.Records, { ...changes, recount: running, repairs });
      }
      await recountGuard.prepare();
      const state = await readRecounts();
      const { running, repairs } = state;
      const redrive = { guard: recountGuard.actionFor(state) };
      return contributionsOfChanges(event.Records, { ...changes, recount: running, repairs, redrive });
    }),
);
