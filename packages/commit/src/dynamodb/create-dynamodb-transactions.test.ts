import {
  DynamoDBClient,
  DynamoDBServiceException,
  IdempotentParameterMismatchException,
  TransactionCanceledException,
  TransactionInProgressException,
  type TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it, vi } from 'vitest';
import { StrategyError, TransactionRefusedError } from '../errors.ts';
import type { Action, Condition, Item, TransactionOutcome, TransactionRequest } from '../transaction-port.ts';
import { createDynamoDbTransactions } from './create-dynamodb-transactions.ts';

// What is sent and what is made of an answer. That DynamoDB takes and answers so is tested on an engine.

const key: Item = { Id: { S: 'a' } };
const put = (table = 'T'): Action => ({ type: 'put', table, key, attributes: { Text: { S: 'x' } } });
const capacity = (read: number | undefined, write: number | undefined) => ({
  ConsumedCapacity: [{ TableName: 'T', ReadCapacityUnits: read, WriteCapacityUnits: write }],
});
const metadata = { $metadata: {}, message: 'Said by a test.' };
const cancelled = (...reasons: (object | undefined)[]) =>
  new TransactionCanceledException({ ...metadata, CancellationReasons: reasons as never });
const serviceError = (name: string) => new DynamoDBServiceException({ ...metadata, name, $fault: 'client' });

interface Sent {
  readonly input: TransactWriteItemsCommandInput;
  readonly abortSignal: AbortSignal;
}

/** A client that answers as told, and remembers what was sent. */
function createPort(answer: () => unknown, maxAttempts = 1) {
  const sent: Sent[] = [];
  const client = new DynamoDBClient({ region: 'us-east-1', maxAttempts });
  const send = async (
    command: { input: TransactWriteItemsCommandInput },
    options: { abortSignal: AbortSignal },
  ) => {
    sent.push({ input: command.input, abortSignal: options.abortSignal });
    return answer();
  };
  return { sent, port: createDynamoDbTransactions(Object.assign(client, { send }) as DynamoDBClient) };
}

function fail(error: unknown): () => never {
  return () => {
    throw error;
  };
}

function transact(
  answer: () => unknown,
  actions: readonly Action[] = [put()],
  more: Partial<TransactionRequest> = {},
): Promise<TransactionOutcome> {
  return createPort(answer).port.transact({ actions, timeoutMs: 20_000, ...more });
}

async function inputOf(action: Action, token?: string): Promise<TransactWriteItemsCommandInput | undefined> {
  const { port, sent } = createPort(() => capacity(0, 2));
  await port.transact({ actions: [action], timeoutMs: 20_000, ...(token === undefined ? {} : { token }) });
  return sent[0]?.input;
}

describe('createDynamoDbTransactions, of a request', () => {
  it.each([Number.POSITIVE_INFINITY, Number.NaN, -1, 2 ** 31])(
    'refuses a timeout of %s ms, of which a timer would make one that is over at once, before anything is sent',
    async (timeoutMs) => {
      const { port, sent } = createPort(() => capacity(0, 2));
      await expect(port.transact({ actions: [put()], timeoutMs })).rejects.toThrow(RangeError);
      expect(sent).toEqual([]);
    },
  );

  it('sends the token, where there is one, and asks for the capacity', async () => {
    expect(await inputOf(put(), 'token')).toEqual({
      TransactItems: [{ Put: { TableName: 'T', Item: { ...key, Text: { S: 'x' } } } }],
      ClientRequestToken: 'token',
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(await inputOf(put())).not.toHaveProperty('ClientRequestToken');
  });

  it('adds an increment to the attribute', async () => {
    const action: Action = { type: 'update', table: 'T', key, add: { Value: '-0.5' } };
    expect((await inputOf(action))?.TransactItems).toEqual([
      {
        Update: {
          TableName: 'T',
          Key: key,
          UpdateExpression: 'ADD #attribute :by',
          ExpressionAttributeNames: { '#attribute': 'Value' },
          ExpressionAttributeValues: { ':by': { N: '-0.5' } },
        },
      },
    ]);
  });

  it('puts an item on the condition that there is none, and asks for the one that is there', async () => {
    const action: Action = { ...put(), type: 'put-if-absent' } as Action;
    expect((await inputOf(action))?.TransactItems).toEqual([
      {
        Put: {
          TableName: 'T',
          Item: { ...key, Text: { S: 'x' } },
          ConditionExpression: 'attribute_not_exists(#key)',
          ExpressionAttributeNames: { '#key': 'Id' },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    ]);
  });

  it.each<[string, Action, string]>([
    [
      'raises a text that is lower',
      { type: 'raise', table: 'T', key, attribute: 'At', below: 'other', to: 'next' },
      '#attribute < :other',
    ],
    [
      'moves a text that is equal',
      { type: 'compare-and-set', table: 'T', key, attribute: 'At', previous: 'other', next: 'next' },
      '#attribute = :other',
    ],
  ])('%s, and asks for what is there', async (_, action, condition) => {
    expect((await inputOf(action))?.TransactItems).toEqual([
      {
        Update: {
          TableName: 'T',
          Key: key,
          UpdateExpression: 'SET #attribute = :next',
          ConditionExpression: condition,
          ExpressionAttributeNames: { '#attribute': 'At' },
          ExpressionAttributeValues: { ':next': { S: 'next' }, ':other': { S: 'other' } },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    ]);
  });

  it('adds, sets and sets what is absent in one update, on its condition', async () => {
    const action: Action = {
      type: 'update',
      table: 'T',
      key,
      add: { Count: '1', Sum: '2.5' },
      set: { Type: { S: 'day' } },
      setIfAbsent: { FirstSeen: { N: '7' } },
      condition: { attribute: 'Count', is: '<', value: { N: '10' } },
    };
    expect((await inputOf(action))?.TransactItems).toEqual([
      {
        Update: {
          TableName: 'T',
          Key: key,
          UpdateExpression:
            'ADD #attribute :by, #attribute1 :by1 SET #attribute2 = :by2, #attribute3 = if_not_exists(#attribute3, :by3)',
          ConditionExpression: '#attribute4 < :by4',
          ExpressionAttributeNames: {
            '#attribute': 'Count',
            '#attribute1': 'Sum',
            '#attribute2': 'Type',
            '#attribute3': 'FirstSeen',
            '#attribute4': 'Count',
          },
          ExpressionAttributeValues: {
            ':by': { N: '1' },
            ':by1': { N: '2.5' },
            ':by2': { S: 'day' },
            ':by3': { N: '7' },
            ':by4': { N: '10' },
          },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    ]);
  });

  it('puts an item on a condition', async () => {
    const condition = { attribute: 'Text', is: '<>', value: { S: 'x' } } as const;
    expect((await inputOf({ ...put(), condition } as Action))?.TransactItems).toEqual([
      {
        Put: {
          TableName: 'T',
          Item: { ...key, Text: { S: 'x' } },
          ConditionExpression: '#attribute <> :by',
          ExpressionAttributeNames: { '#attribute': 'Text' },
          ExpressionAttributeValues: { ':by': { S: 'x' } },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    ]);
  });

  it('checks a condition of several parts, with values only where there are some', async () => {
    const check = async (condition: Condition) =>
      (await inputOf({ type: 'check', table: 'T', key, condition }))?.TransactItems?.[0]?.ConditionCheck;
    expect(
      await check({
        any: [
          { attribute: 'Id', is: 'absent' },
          {
            all: [
              { attribute: 'State', is: '=', value: { S: 'open' } },
              { attribute: 'Hash', is: '>=', value: { B: Uint8Array.of(1) } },
            ],
          },
        ],
      }),
    ).toEqual({
      TableName: 'T',
      Key: key,
      ConditionExpression:
        '(attribute_not_exists(#attribute)) OR ((#attribute1 = :by) AND (#attribute2 >= :by1))',
      ExpressionAttributeNames: { '#attribute': 'Id', '#attribute1': 'State', '#attribute2': 'Hash' },
      ExpressionAttributeValues: { ':by': { S: 'open' }, ':by1': { B: Uint8Array.of(1) } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const listOfOne: Condition = { all: [{ any: [{ attribute: 'Id', is: 'present' }] }] };
    expect(await check(listOfOne)).toEqual(await check({ attribute: 'Id', is: 'present' }));
    expect(await check({ attribute: 'Id', is: 'present' })).toEqual({
      TableName: 'T',
      Key: key,
      ConditionExpression: 'attribute_exists(#attribute)',
      ExpressionAttributeNames: { '#attribute': 'Id' },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  });

  it('refuses a client without a Region at once, which no retry would mend', async () => {
    const region = async (): Promise<string> => {
      throw new Error('Region is missing');
    };
    const port = createDynamoDbTransactions(new DynamoDBClient({ region, maxAttempts: 1 }));
    await expect(port.transact({ actions: [put()], timeoutMs: 1_000 })).rejects.toThrow(
      new StrategyError('the DynamoDB client has no Region: set AWS_REGION, or its option region'),
    );
  });

  it('refuses a client that retries by itself, and a request that no store takes, before it sends anything', async () => {
    const retrying = createPort(() => capacity(0, 2), 3);
    await expect(retrying.port.transact({ actions: [put()], timeoutMs: 1_000 })).rejects.toThrow(
      new StrategyError(
        'the DynamoDB client must have maxAttempts 1: commitBatch retries, and knows when to stop',
      ),
    );
    const { port, sent } = createPort(() => capacity(0, 2));
    await expect(port.transact({ actions: [], timeoutMs: 1_000 })).rejects.toThrow(TransactionRefusedError);
    expect([...retrying.sent, ...sent]).toEqual([]);
  });

  it('ends when its time is over, even if the client does not', async () => {
    const { port, sent } = createPort(() => new Promise(() => {}));
    const outcome = await port.transact({ actions: [put()], timeoutMs: 1 });
    expect(outcome).toMatchObject({ code: 'unavailable', cause: { name: 'TimeoutError' } });
    expect(sent[0]?.abortSignal.aborted).toBe(true);
  });
});

describe('createDynamoDbTransactions, of an answer', () => {
  it('adds up the units of all tables', async () => {
    const answer = {
      ConsumedCapacity: [
        { TableName: 'T', WriteCapacityUnits: 4, ReadCapacityUnits: 1 },
        { TableName: 'U', WriteCapacityUnits: 2, ReadCapacityUnits: 3 },
      ],
    };
    expect(await transact(() => answer)).toEqual({
      code: 'committed',
      replayed: false,
      units: { read: 4, write: 6 },
    });
  });

  it.each([
    [undefined, 2, false],
    [0, 2, false],
    [2, 2, false],
    [2, 0, true],
    [2, undefined, true],
  ])(
    'takes an answer with %s read and %s write units for a repeated one: %s',
    async (read, write, replayed) => {
      expect(await transact(() => capacity(read, write))).toEqual({
        code: 'committed',
        replayed,
        units: { read: read ?? 0, write: write ?? 0 },
      });
    },
  );

  it.each([
    ['none', {}],
    ['an empty list', { ConsumedCapacity: [] }],
    ['nothing', capacity(0, 0)],
  ])('takes an answer whose capacity is %s for no answer of DynamoDB', async (_, answer) => {
    expect(await transact(() => answer)).toEqual({
      code: 'unavailable',
      cause: new Error('the answer has no capacity, which was asked for'),
    });
  });

  const unreadable = new SyntaxError('<html>');
  it.each<[string, unknown, TransactionOutcome]>([
    ['a token that was used', new IdempotentParameterMismatchException(metadata), { code: 'token-mismatch' }],
    ['a request in progress', new TransactionInProgressException(metadata), { code: 'in-progress' }],
    ['a throttle', serviceError('ThrottlingException'), { code: 'throttled' }],
    ['an answer that cannot be read', unreadable, { code: 'unavailable', cause: unreadable }],
  ])('says what became of the request after %s', async (_, error, outcome) => {
    expect(await transact(fail(error))).toEqual(outcome);
  });

  it('names what DynamoDB refused, and each table once', async () => {
    const error = serviceError('ValidationException');
    const actions = [put(), put('U'), { ...put(), key: { Id: { S: 'b' } } } as Action];
    const refused = transact(fail(error), actions);
    await expect(refused).rejects.toThrow(
      new TransactionRefusedError(
        'DynamoDB refused the request: ValidationException, on T, U: Said by a test.',
        {
          cause: error,
          key: 'T, U',
        },
      ),
    );
    await expect(refused).rejects.toMatchObject({ cause: error });
  });
});

describe('createDynamoDbTransactions, of a cancelled transaction', () => {
  const actions = [put(), put('U'), put('V')];
  const none = { Code: 'None' };

  it('names the conditions that failed, with the items that are there', async () => {
    const Item = { Id: { S: 'a' }, At: { N: '1' }, Raw: { B: Uint8Array.of(0) }, Foreign: { BOOL: true } };
    const error = cancelled(
      { Code: 'ConditionalCheckFailed', Item },
      { Code: 'ConditionalCheckFailed', Item: { Id: { S: 'b' } } },
      { Code: 'ConditionalCheckFailed' },
    );
    const outcome = await transact(fail(error), actions);
    expect(outcome).toStrictEqual({
      code: 'condition-failed',
      failures: [
        {
          action: actions[0],
          existing: { Id: { S: 'a' }, At: { N: '1' }, Raw: { B: Uint8Array.of(0) } },
          otherAttributes: ['Foreign'],
        },
        { action: actions[1], existing: { Id: { S: 'b' } } },
        { action: actions[2], existing: undefined },
      ],
    });
  });

  const failed = { Code: 'ConditionalCheckFailed' };
  const conflict = { Code: 'TransactionConflict' };
  it.each<[string, (object | undefined)[], 'conflict' | 'throttled']>([
    ['a conflict', [none, conflict], 'conflict'],
    ['a conflict beside a failed condition', [failed, conflict], 'conflict'],
    ['a conflict beside a throttle', [{ Code: 'ThrottlingError' }, conflict], 'conflict'],
    ['a throttle', [none, { Code: 'ThrottlingError' }], 'throttled'],
    ['too little capacity', [{ Code: 'ProvisionedThroughputExceeded' }], 'throttled'],
    ['too many requests', [{ Code: 'RequestLimitExceeded' }, none], 'throttled'],
    ['a throttle beside a failed condition', [failed, { Code: 'ThrottlingError' }], 'throttled'],
  ])('sends again after %s', async (_, reasons, code) => {
    expect(await transact(fail(cancelled(...reasons)), actions)).toEqual({ code });
  });

  it('takes a failed condition before a refusal of another action', async () => {
    const error = cancelled({ Code: 'ValidationError' }, failed);
    expect(await transact(fail(error), actions)).toMatchObject({
      code: 'condition-failed',
      failures: [{ action: actions[1] }],
    });
  });

  it.each(['ValidationError', 'ItemCollectionSizeLimitExceeded', 'AccessDenied', 'DuplicateItem'])(
    'names the first action that was refused by %s',
    async (Code) => {
      const error = cancelled(none, { Code, Message: "Value 7 at 'x' failed" }, { Code: 'ValidationError' });
      const refused = transact(fail(error), actions);
      await expect(refused).rejects.toThrow(
        new TransactionRefusedError(
          `DynamoDB cancelled the transaction: ${Code}, put on U: Value … at 'x' failed`,
          {
            cause: error,
            key: 'U',
          },
        ),
      );
      await expect(refused).rejects.toMatchObject({ cause: error });
    },
  );

  it.each<[string, (object | undefined)[] | undefined]>([
    ['no reasons', undefined],
    ['an empty list of reasons', []],
    ['a reason that is none', [undefined, {}]],
    ['a reason nobody knows', [{ Code: 'BrandNew' }]],
    ['a failed condition of no action', [none, none, none, failed]],
  ])('takes %s for no answer: whether it was written is unknown', async (_, reasons) => {
    const error = new TransactionCanceledException({ ...metadata, CancellationReasons: reasons as never });
    expect(await transact(fail(error), actions)).toEqual({ code: 'unavailable', cause: error });
  });

  it('names a refusal by its code, where an answer has more reasons than there were actions', async () => {
    const error = cancelled(none, none, none, { Code: 'AccessDenied' });
    await expect(transact(fail(error), actions)).rejects.toThrow(
      /^DynamoDB cancelled the transaction: AccessDenied, /,
    );
  });
});

describe('createDynamoDbTransactions without a client', () => {
  it('makes one that does not retry by itself', async () => {
    const attempts: number[] = [];
    const send = vi.spyOn(DynamoDBClient.prototype, 'send').mockImplementation(async function (
      this: DynamoDBClient,
    ) {
      attempts.push(await this.config.maxAttempts());
      throw new Error('not sent');
    } as never);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    await createDynamoDbTransactions().transact({ actions: [put()], timeoutMs: 1_000 });
    vi.unstubAllEnvs();
    send.mockRestore();
    expect(attempts).toEqual([1]);
  });

  it('refuses what is no client', () => {
    for (const client of [{}, 'client', null]) {
      expect(() => createDynamoDbTransactions(client as never)).toThrow(/takes a DynamoDBClient/);
    }
  });
});
