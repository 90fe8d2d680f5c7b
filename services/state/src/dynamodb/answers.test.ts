/**
 * Goal: whatever does not say that a write was done or refused leaves it open, and the request is sent again. Method: a
 * client that answers what a gateway, a broken connection or a truncated body make of an answer.
 */
import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { quarantineItems } from '@oncefold/middleware/quarantine';
import { describe, expect, it } from 'vitest';
import { decidedRecord } from '../../test/support/decided.ts';
import { type Answer, answering } from '../../test/support/fake-client.ts';
import { hierarchy, writeOf } from '../../test/support/stream.ts';
import { createDynamoDbAccountingStore } from './accounting-store.ts';
import { createDynamoDbQuarantineStore } from './quarantine-store.ts';
import { createDynamoDbStateStore } from './state-store.ts';

const { signal } = new AbortController();
const writes = ['a', 'b'].map((id) => writeOf('insert', { id }));
const items = ['a', 'b'].flatMap((id) =>
  quarantineItems({
    identity: decidedRecord(id, { outcome: 'stale' }).record.identity,
    reason: 'broken-json',
    detail: '',
    payload: new Uint8Array(),
  }),
);
const counts = { applied: 1, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 };
const entry = { key: 'k', formerKey: 'f', first: '1', last: '2', counts };

function serviceError(name: string, httpStatusCode: number): DynamoDBServiceException {
  const $fault = httpStatusCode < 500 ? 'client' : 'server';
  return new DynamoDBServiceException({ name, message: name, $fault, $metadata: { httpStatusCode } });
}

/** Every store's request, by what the client answers. */
const requests = {
  write: (...answers: Answer[]) =>
    createDynamoDbStateStore(answering(...answers), { table: 'StateTable', hierarchy }).write(writes, signal),
  put: (...answers: Answer[]) =>
    createDynamoDbQuarantineStore(answering(...answers), { table: 'Q' }).put(items, signal),
  findWriters: (...answers: Answer[]) =>
    createDynamoDbStateStore(answering(...answers), { table: 'StateTable', hierarchy }).find(
      ['a', 'b'],
      signal,
    ),
  find: (...answers: Answer[]) =>
    createDynamoDbQuarantineStore(answering(...answers), { table: 'Q' }).find(['a', 'b'], signal),
  advance: async (...answers: Answer[]) => [
    await createDynamoDbAccountingStore(answering(...answers), { table: 'A' }).advance(entry, signal),
  ],
};

describe.each(Object.entries(requests))('%s', (_name, request) => {
  it.each([
    ['an HTML page of a gateway', new SyntaxError('Unexpected token <')],
    ['a name that does not resolve', Object.assign(new Error('getaddrinfo'), { code: 'EAI_AGAIN' })],
    ['a connection that breaks', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
    ['a clock that is off', serviceError('RequestTimeTooSkewed', 403)],
    ['a request that took too long', serviceError('RequestTimeout', 400)],
    ['a fault of the service', serviceError('InternalServerError', 500)],
    ['throttling', serviceError('ThrottlingException', 400)],
    ['a refusal that nobody knows', serviceError('SomethingNewException', 400)],
    ['an empty body', {}],
  ])('may be sent again after %s', async (_case, answer) => {
    for (const result of await request(answer)) {
      expect(result).toMatchObject({ code: 'unavailable' });
    }
  });

  it.each(['ResourceNotFoundException', 'AccessDeniedException'])(
    'throws after %s, which sending again would not change',
    async (name) => {
      await expect(request(serviceError(name, 400))).rejects.toThrow(name);
    },
  );
});

const { write: _write, ...whole } = requests;
describe.each(Object.entries(whole))('%s', (_name, request) => {
  it('throws when DynamoDB refuses the request', async () => {
    const refusal = serviceError('ValidationException', 400);
    await expect(request(refusal)).rejects.toThrow(refusal.name);
  });
});

describe('createDynamoDbStateStore', () => {
  it.each([
    ['too few answers', { Responses: [{}] }],
    ['an error without a code', { Responses: [{ Error: {} }, { Error: {} }] }],
    ['throttled statements', { Responses: Array(2).fill({ Error: { Code: 'ThrottlingError' } }) }],
    ['a code that nobody knows', { Responses: Array(2).fill({ Error: { Code: 'SomethingNew' } }) }],
  ])('may send its writes again after %s', async (_case, answer) => {
    for (const result of await requests.write(answer)) {
      expect(result.code).toBe('unavailable');
    }
  });

  it('refuses the one trade because of which DynamoDB refuses the whole request', async () => {
    const refusal = serviceError('ValidationException', 400);
    expect(await requests.write(refusal, refusal, { Responses: [{}] })).toEqual([
      { code: 'unwritable' },
      { code: 'written' },
    ]);
  });

  it.each(['ValidationError', 'ResourceNotFound', 'AccessDenied'])('throws after %s', async (Code) => {
    await expect(requests.write({ Responses: [{}, { Error: { Code } }] })).rejects.toMatchObject({
      code: 'store-refused',
    });
  });

  it('takes an item for absent only after a complete answer', async () => {
    const refused = { Responses: [{}, { Error: { Code: 'ConditionalCheckFailed' } }] };
    const outcomes = async (read: object) => (await requests.write(refused, read)).map(({ code }) => code);
    expect(await outcomes({})).toEqual(['written', 'unavailable']);
    expect(await outcomes({ Responses: {}, UnprocessedKeys: {} })).toEqual(['written', 'unavailable']);
    const unread = { StateTable: { Keys: [{ id: { S: 'b' } }] } };
    expect(await outcomes({ Responses: { StateTable: [] }, UnprocessedKeys: unread })).toEqual([
      'written',
      'unavailable',
    ]);
    expect(await outcomes({ Responses: { StateTable: [] }, UnprocessedKeys: {} })).toEqual([
      'written',
      'absent',
    ]);
  });
});

describe('createDynamoDbQuarantineStore', () => {
  it('names the items that DynamoDB left out', async () => {
    const [, b] = items;
    const Item = { ...b?.key, ...b?.attributes };
    expect(await requests.put({ UnprocessedItems: { Q: [{ PutRequest: { Item } }] } })).toEqual([
      { code: 'written' },
      { code: 'unavailable', reason: 'UnprocessedItems' },
    ]);
  });
});

describe('createDynamoDbAccountingStore', () => {
  const failed = new ConditionalCheckFailedException({ message: 'failed', $metadata: {} });
  const former = { Shard: { S: 'f' }, SequenceNumber: { S: '0'.repeat(129) } };
  const found = { Responses: { A: [former] }, UnprocessedKeys: {} };
  const canceled = (...codes: string[]) =>
    new TransactionCanceledException({
      message: 'canceled',
      $metadata: {},
      CancellationReasons: codes.map((Code) => ({ Code })),
    });

  it('may migrate an account again after a conflict, and throws after a refusal', async () => {
    expect(await requests.advance(failed, found, canceled('TransactionConflict', 'None'))).toEqual([
      { code: 'unavailable', reason: 'TransactionCanceledException' },
    ]);
    expect(await requests.advance(failed, { Responses: {} })).toEqual([
      { code: 'unavailable', reason: 'IncompleteAnswer' },
    ]);
    await expect(requests.advance(failed, found, canceled('ValidationError', 'None'))).rejects.toThrow(
      'canceled',
    );
  });

  it('may start an account again after an answer that was cut off', async () => {
    const none = { Responses: { A: [] }, UnprocessedKeys: {} };
    expect(await requests.advance(failed, none, {})).toEqual([
      { code: 'unavailable', reason: 'IncompleteAnswer' },
    ]);
    expect(await requests.advance(failed, none, { ConsumedCapacity: [] })).toEqual([{ code: 'advanced' }]);
  });

  it('gives up an account that comes and goes', async () => {
    const isThere = { Responses: { A: [{ Shard: { S: 'k' } }] }, UnprocessedKeys: {} };
    const answers = Array.from({ length: 8 }, (_none, index) => (index % 2 === 0 ? failed : isThere));
    expect(await requests.advance(...answers)).toEqual([{ code: 'unavailable', reason: 'AccountChanges' }]);
  });
});
