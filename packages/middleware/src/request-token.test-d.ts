import middy from '@middy/core';
import type { Context, KinesisStreamEvent } from 'aws-lambda';
import middy6 from 'middy-6';
import { requestToken } from './request-token.ts';

const options = { namespace: 'warehouse', consumer: 'stock' };

middy<KinesisStreamEvent>()
  .use(requestToken(options))
  .handler(async (_event, context) => context.clientRequestToken?.length);
middy6<KinesisStreamEvent>()
  .use(requestToken(options))
  .handler(async (_event, context) => context.clientRequestToken?.length);

middy<KinesisStreamEvent>()
  .use(requestToken(options))
  // @ts-expect-error the token is text
  .handler(async (_event, context): Promise<number | undefined> => context.clientRequestToken);

// The rest of the context is what it was.
middy<KinesisStreamEvent>()
  .use(requestToken<KinesisStreamEvent>({ ...options, recordId: ({ eventID }) => eventID }))
  .handler(async (event, context: Context) => [event.Records[0]?.kinesis.data, context.awsRequestId]);
