import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { readRedriveRequest, withRedrive } from '@oncefold/function-kit';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { compose } from './compose.ts';
import { contributionsOfRows } from './contributions-of-rows.ts';
import { rowId } from './row-id.ts';

const { logger, transactions, strategy, door, effect, recordId, onCommitted, rows, recounts } = compose(
  process.env,
);

/** ReduceTable's stream → every node of AggregateTable, in one transaction. */
export const handler = withRedrive(
  { transactions, strategy, door, effect, recordId, redriveId: rowId, onCommitted, logger },
  middy<DynamoDBStreamEvent>()
    .use(injectLambdaContext(logger))
    .handler(async (event) => {
      if (recounts === undefined || readRedriveRequest(event) === undefined) {
        return contributionsOfRows(event.Records, rows);
      }
      await recounts.guard.prepare();
      const state = await recounts.read();
      const redrive = { ...state, guard: recounts.guard.actionFor(state) };
      return contributionsOfRows(event.Records, { ...rows, redrive });
    }),
);
