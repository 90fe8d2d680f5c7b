import middy from '@middy/core';
import { type RequestTokenContext, requestToken } from '@oncefold/middleware';
import type { Context, KinesisStreamEvent } from 'aws-lambda';

/** A team with a transaction of its own takes the name of the batch. */
export const handler = middy<KinesisStreamEvent, string | undefined, Error, Context & RequestTokenContext>()
  .use(requestToken({ namespace: 'warehouse', consumer: 'stock' }))
  .handler(async (_event, context) => context.clientRequestToken);
