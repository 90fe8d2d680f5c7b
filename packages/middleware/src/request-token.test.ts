import middy from '@middy/core';
import { requestToken as tokenOf } from '@oncefold/request-token';
import type { Context, DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { type RequestTokenContext, requestToken } from './request-token.ts';

const names = { namespace: 'stack', consumer: 'reduce' };
const event = (...ids: string[]): DynamoDBStreamEvent => ({
  Records: ids.map((eventID) => ({ eventID, eventSourceARN: 'stream', dynamodb: {} })),
});

async function tokenFor(received: DynamoDBStreamEvent): Promise<string | undefined> {
  const handler = middy<DynamoDBStreamEvent>()
    .use(requestToken(names))
    .handler(async (_, context) => context.clientRequestToken);
  return handler(received, {} as Context);
}

describe('requestToken', () => {
  it('hands the handler the token of the records, whatever their order', async () => {
    const token = tokenOf({ ...names, source: 'stream', recordIds: ['a', 'b'] });
    expect(await tokenFor(event('a', 'b'))).toBe(token);
    expect(await tokenFor(event('b', 'a'))).toBe(token);
    expect(await tokenFor(event('a', 'b', 'a'))).toBe(token);
    expect(await tokenFor(event('a'))).not.toBe(token);
  });

  it('names the user records of a batch of aggregated ones, which are more than a batch has records', async () => {
    const ids = Array.from({ length: 10_001 }, (_, index) => `shardId-000000000000:4959:${index}`);
    expect(await tokenFor(event(...ids))).toHaveLength(36);
  });

  it('names nothing where there are no records', async () => {
    expect(await tokenFor(event())).toBeUndefined();
  });

  it('refuses an option that nobody reads', () => {
    expect(() => requestToken({ ...names, nameSpace: 'x' } as never)).toThrow(
      'requestToken: there is no option nameSpace',
    );
  });

  it('refuses a name that is empty', () => {
    expect(() => requestToken({ ...names, namespace: '' })).toThrow(/^requestToken: .*namespace/);
  });

  it('names records by a business key and a source of its own when told how', async () => {
    const { before } = requestToken<DynamoDBStreamEvent>({
      ...names,
      recordId: ({ eventID }) => `order-${eventID}`,
      source: 'orders',
    });
    const own: Pick<RequestTokenContext, 'clientRequestToken'> = {};
    before({ event: event('a'), context: own as RequestTokenContext });
    expect(own.clientRequestToken).toBe(tokenOf({ ...names, source: 'orders', recordIds: ['order-a'] }));
  });
});
