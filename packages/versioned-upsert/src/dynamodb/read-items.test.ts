import type { BatchGetItemCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { readItems } from './read-items.ts';

const keys = [{ id: { S: 'a' } }, { id: { S: 'b' } }];
const signal = new AbortController().signal;

/** A client that answers so, and keeps what it was asked. */
function clientWith(answer: () => unknown) {
  const asked: BatchGetItemCommandInput[] = [];
  const send = async ({ input }: { readonly input: BatchGetItemCommandInput }) => {
    asked.push(input);
    return answer();
  };
  return { asked, client: { send: send as unknown as DynamoDBClient['send'] } };
}

describe('readItems', () => {
  it('reads the attributes it is asked for, consistently, and answers in the order of the keys', async () => {
    const item = { id: { S: 'b' }, size: { N: '1' } };
    const { asked, client } = clientWith(() => ({ Responses: { Table: [item] }, UnprocessedKeys: {} }));
    expect(await readItems(client, { table: 'Table', keys, attributes: ['id', 'size'], signal })).toEqual([
      { code: 'absent' },
      { code: 'found', item },
    ]);
    expect(asked).toEqual([
      {
        RequestItems: {
          Table: {
            Keys: keys,
            ConsistentRead: true,
            ProjectionExpression: '#id, #size',
            ExpressionAttributeNames: { '#id': 'id', '#size': 'size' },
          },
        },
      },
    ]);
  });

  it('leaves open what a client throws that is no error', async () => {
    const { client } = clientWith(() => {
      throw 'lost';
    });
    const results = await readItems(client, { table: 'Table', keys, signal });
    expect(results).toEqual(Array(2).fill({ code: 'unavailable', reason: 'UnknownError' }));
  });

  it('asks for nothing where there are no keys to read', async () => {
    const { client } = clientWith(() => ({ Responses: { Table: [] }, UnprocessedKeys: {} }));
    expect(await readItems(client, { table: 'Table', keys: [], signal })).toEqual([]);
  });
});
