/**
 * Goal: whatever does not say that a write was done or refused leaves it open, and it is sent again. Method: a client that answers what
 * a gateway, a broken connection or a truncated body make of an answer. What engines answer is in `test/tables.test.ts`.
 */
import { type DynamoDBClient, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { type ConditionalStatement, writeConditionally } from './write-conditionally.ts';

const writes = ['a', 'b'].map(
  (id): ConditionalStatement => ({
    mode: 'update',
    key: { id: { S: id } },
    statement: 'UPDATE',
    parameters: [],
  }),
);

/** Writes with a client that gives these answers in turn. */
function writeWith(...answers: readonly unknown[]) {
  let calls = 0;
  const send = async () => {
    const answer = answers[calls++];
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  };
  return writeConditionally({ send: send as unknown as DynamoDBClient['send'] }, writes, {
    table: 'Table',
    readExisting: (item) => (item['v']?.N === undefined ? undefined : Number(item['v'].N)),
    isLower: (existing) => existing < 2,
    signal: new AbortController().signal,
  });
}

function serviceError(name: string, httpStatusCode: number): DynamoDBServiceException {
  const $fault = httpStatusCode < 500 ? 'client' : 'server';
  return new DynamoDBServiceException({ name, message: name, $fault, $metadata: { httpStatusCode } });
}

const errors = (...list: object[]) => ({ Responses: list.map((error) => ({ Error: error })) });
const failed = { Code: 'ConditionalCheckFailed' };
const items = (...list: object[]) => ({ Responses: { Table: list }, UnprocessedKeys: {} });
const item = (id: string, v?: string) => ({ id: { S: id }, ...(v !== undefined && { v: { N: v } }) });

describe('writeConditionally', () => {
  it.each<[string, unknown]>([
    ['an HTML page of a gateway', new SyntaxError('Unexpected token <')],
    ['a connection that breaks', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
    ['a fault of the service', serviceError('InternalServerError', 500)],
    ['throttling', serviceError('ThrottlingException', 400)],
    ['an empty body', {}],
    ['too few answers', { Responses: [{}] }],
    ['an error without a code', errors({}, {})],
    ['throttled statements', errors({ Code: 'ThrottlingError' }, { Code: 'ThrottlingError' })],
    ['a code that nobody knows', errors({ Code: 'SomethingNew' }, { Code: 'SomethingNew' })],
  ])('leaves open what is answered with %s', async (_case, answer) => {
    const results = await writeWith(answer);
    expect(results.map(({ code }) => code)).toEqual(['unavailable', 'unavailable']);
  });

  it.each(['ResourceNotFoundException', 'AccessDeniedException'])(
    'throws after %s, which sending again would not change',
    async (name) => {
      await expect(writeWith(serviceError(name, 400))).rejects.toThrow(name);
    },
  );

  it.each(['AccessDenied', 'ResourceNotFound', 'ValidationError'])(
    'throws when a statement is refused with %s, whatever it holds',
    async (Code) => {
      await expect(writeWith(errors({ Code }, {}))).rejects.toMatchObject({ code: 'store-refused' });
    },
  );

  it.each([
    serviceError('ValidationException', 400),
    serviceError('SerializationException', 400),
    serviceError('RequestEntityTooLarge', 413),
  ])('sends one write after the other where DynamoDB refuses all of them at once: %s', async (refusal) => {
    const kept = errors({ ...failed, Item: item('b', '5') });
    expect(await writeWith(refusal, refusal, kept)).toEqual([
      { code: 'unwritable' },
      { code: 'kept', existing: 5 },
    ]);
    expect(await writeWith(refusal, kept, refusal)).toEqual([
      { code: 'kept', existing: 5 },
      { code: 'unwritable' },
    ]);
  });

  it('reads for each of the halves what a write has found, by its own place', async () => {
    const kept = errors({ ...failed, Item: item('a', '5') });
    const results = await writeWith(
      serviceError('ValidationException', 400),
      kept,
      errors(failed),
      items(item('b', '5')),
    );
    expect(results).toEqual([
      { code: 'kept', existing: 5 },
      { code: 'kept', existing: 5 },
    ]);
  });

  it('refuses the version, and not the request, where the item or an index has no room for it', async () => {
    const size = { Code: 'ValidationError', Message: 'Item size has exceeded the maximum allowed size' };
    expect(await writeWith(errors(size, { Code: 'ItemCollectionSizeLimitExceeded' }))).toEqual([
      { code: 'unwritable' },
      { code: 'unwritable' },
    ]);
  });

  it('reads what an engine did not return, because a missing item would be written anew', async () => {
    const refused = errors(failed, failed);
    expect(await writeWith(refused, items(item('b', '5')))).toEqual([
      { code: 'absent' },
      { code: 'kept', existing: 5 },
    ]);
    // Written between the update and the read.
    expect(await writeWith(refused, items(item('a'), item('b', '1')))).toEqual([
      { code: 'unreadable' },
      { code: 'exists' },
    ]);
  });

  it.each<[string, unknown]>([
    ['an incomplete answer', { Responses: { Table: [] } }],
    ['throttling', serviceError('ThrottlingException', 400)],
    [
      'unread keys',
      { Responses: { Table: [] }, UnprocessedKeys: { Table: { Keys: [item('a'), item('b')] } } },
    ],
  ])('leaves open what was read with %s', async (_case, answer) => {
    const results = await writeWith(errors(failed, failed), answer);
    expect(results.map(({ code }) => code)).toEqual(['unavailable', 'unavailable']);
  });

  it('refuses one item twice, and more than a request takes, before it sends anything', async () => {
    const client = { send: () => Promise.reject(new Error('sent')) } as unknown as DynamoDBClient;
    const options = {
      table: 'Table',
      readExisting: () => 1,
      isLower: () => false,
      signal: new AbortController().signal,
    };
    const many = Array.from({ length: 26 }, (_none, id) => ({ ...writes[0], key: { id: { N: `${id}` } } }));
    for (const refused of [[...writes, ...writes], many]) {
      await expect(writeConditionally(client, refused as typeof writes, options)).rejects.toMatchObject({
        code: 'store-refused',
        message: 'A request writes at most 25 items, each once.',
      });
    }
  });
});
