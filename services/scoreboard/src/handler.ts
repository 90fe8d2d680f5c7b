import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context, SQSEvent } from 'aws-lambda';
import { compose } from './compose.ts';

const { logger, score } = compose(process.env);

/** Judges the rounds that the generator's destination has brought into the queue, each when its time for being exact is over. */
export const handler: (event: SQSEvent, context: Context) => Promise<void> = middy<SQSEvent, void>()
  .use(injectLambdaContext(logger))
  .handler(score);
