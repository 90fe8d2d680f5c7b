import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { compose } from './compose.ts';
import { processBatch } from './process-batch.ts';

const { logger, induceFailure, ports, settings, publish } = compose(process.env);

/**
 * Keeps the newest version of each trade that the stream brings, and reports the records that must be delivered again.
 *
 * Middy's early timeout is off: the use case ends its own work before the invocation ends.
 */
export const handler: (event: KinesisStreamEvent, context: Context) => Promise<KinesisStreamBatchResponse> =
  middy<KinesisStreamEvent, KinesisStreamBatchResponse>({ timeoutEarlyInMillis: 0 })
    .use(injectLambdaContext(logger))
    .before(induceFailure)
    .handler(async (event, context) => {
      const report = await processBatch(event, context.getRemainingTimeInMillis(), ports, settings);
      publish(report, event);
      return report.response;
    });
