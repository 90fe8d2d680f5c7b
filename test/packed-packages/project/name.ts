import middy from '@middy/core';
import { requestToken } from '@oncefold/middleware';
import type { KinesisStreamEvent } from 'aws-lambda';

/** A team with a transaction of its own takes the name of the batch. */
export const handler = middy<KinesisStreamEvent>()
  .use(requestToken({ namespace: 'warehouse', consumer: 'stock' }))
  .handler(async (_event, context) => context.clientRequestToken);
