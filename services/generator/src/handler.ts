import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { PlayedRound } from '@oncefold/workshop/generator';
import type { Context } from 'aws-lambda';
import { compose } from './compose.ts';

const { logger, play } = compose(process.env);

/**
 * Sends one round of the workshop and answers with its name, which its destination hands to the scoreboard.
 *
 * Middy's early timeout is off: sending ends by itself before the invocation does.
 */
export const handler: (event: unknown, context: Context) => Promise<PlayedRound> = middy<
  unknown,
  PlayedRound
>({
  timeoutEarlyInMillis: 0,
})
  .use(injectLambdaContext(logger))
  .handler(play);
