import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DescribeTableCommand,
  GetItemCommand,
  InternalServerError,
  PutItemCommand,
  ScanCommand,
  type ScanCommandOutput,
  ThrottlingException,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { classifyDynamoDbError } from '@oncefold/commit/dynamodb';
import { describe, expect, it } from 'vitest';
import { createStore, type SimulatedStore } from './create-store.ts';
import { commandRequest } from './dynamodb-client.ts';
import type { MemberThrottle } from './store.ts';

const TABLE_NAME = 'Items';
const keyOf = (id: string) => ({ Id: { S: id } });
const put = (id: string, rest: object = {}) =>
  new PutItemCommand({ TableName: TABLE_NAME, Item: { ...keyOf(id), ...rest } });
const insert = (id: string) => ({
  Statement: `INSERT INTO "${TABLE_NAME}" VALUE {'Id':?}`,
  Parameters: [{ S: id }],
});
const raise = (id: string, version: string) => ({
  Statement: `UPDATE "${TABLE_NAME}" SET "Version"=? WHERE "Id"=? AND "Version"<?`,
  Parameters: [{ N: version }, { S: id }, { N: version }],
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
});
const transact = (TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
  new TransactWriteItemsCommand({ TransactItems, ...(ClientRequestToken && { ClientRequestToken }) });
const increment = (id: string): TransactWriteItem => ({
  Update: {
    TableName: TABLE_NAME,
    Key: keyOf(id),
    UpdateExpression: 'ADD #n :one',
    ExpressionAttributeNames: { '#n': 'N' },
    ExpressionAttributeValues: { ':one': { N: '1' } },
  },
});

function createTestStore(): SimulatedStore {
  return createStore({ tables: [{ name: TABLE_NAME, key: ['Id'] }], now: () => 0 });
}

function send(store: SimulatedStore, command: unknown, throttle?: MemberThrottle) {
  return commandRequest(store, command).begin(throttle).finish();
}

/** What a command throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

describe('commandRequest while a transaction holds an item', () => {
  const held = () => {
    const store = createTestStore();
    send(store, put('a', { N: { N: '5' } }));
    return { store, execution: commandRequest(store, transact([increment('a')], 'token')).begin() };
  };

  it.each([
    ['PutItem', put('a')],
    ['DeleteItem', new DeleteItemCommand({ TableName: TABLE_NAME, Key: keyOf('a') })],
    [
      'UpdateItem',
      new UpdateItemCommand({ ...increment('a').Update, TableName: TABLE_NAME, Key: keyOf('a') }),
    ],
  ])('refuses %s by a conflict, and takes it afterwards', (_, command) => {
    const { store, execution } = held();
    expect(thrownBy(() => send(store, command))).toMatchObject({ name: 'TransactionConflictException' });
    execution.finish();
    expect(() => send(store, command)).not.toThrow();
  });

  it('finds the conflict of a write that began before the transaction, and ends in it', () => {
    const store = createTestStore();
    const write = commandRequest(store, put('a')).begin();
    const transaction = commandRequest(store, transact([increment('a')])).begin();
    expect(thrownBy(() => write.finish())).toMatchObject({ name: 'TransactionConflictException' });
    transaction.finish();
  });

  it('cancels other transactions, and names the item', () => {
    const { store } = held();
    for (const command of [
      transact([increment('b'), increment('a')]),
      new TransactGetItemsCommand({
        TransactItems: [
          { Get: { TableName: TABLE_NAME, Key: keyOf('b') } },
          { Get: { TableName: TABLE_NAME, Key: keyOf('a') } },
        ],
      }),
    ]) {
      expect(thrownBy(() => send(store, command))).toMatchObject({
        name: 'TransactionCanceledException',
        CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
      });
    }
  });

  it('leaves the members of batches that are on the item', () => {
    const { store } = held();
    const requests = ['a', 'b'].map((id) => ({ PutRequest: { Item: keyOf(id) } }));
    expect(
      send(store, new BatchWriteItemCommand({ RequestItems: { [TABLE_NAME]: requests } })),
    ).toMatchObject({
      UnprocessedItems: { [TABLE_NAME]: [requests[0]] },
    });
    expect(
      send(store, new BatchExecuteStatementCommand({ Statements: [raise('a', '1'), insert('c')] })),
    ).toMatchObject({
      Responses: [{ Error: { Code: 'TransactionConflict' } }, { TableName: TABLE_NAME }],
    });
  });

  it('reads the item as it was', () => {
    const { store } = held();
    const read = new GetItemCommand({ TableName: TABLE_NAME, Key: keyOf('a'), ConsistentRead: true });
    expect(send(store, read)).toMatchObject({ Item: { N: { N: '5' } } });
  });

  it('answers "in progress" to its token', () => {
    const { store } = held();
    expect(thrownBy(() => send(store, transact([increment('a')], 'token')))).toMatchObject({
      name: 'TransactionInProgressException',
    });
  });
});

describe('commandRequest with statements', () => {
  const mark = (id: string) => ({
    Statement: `UPDATE "${TABLE_NAME}" SET "Mark"=? WHERE "Id"=? AND "Mark" IS MISSING AND "Version"=?`,
    Parameters: [{ N: '7' }, { S: id }, { N: '1' }],
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  });
  const update = new BatchExecuteStatementCommand({ Statements: [mark('a'), mark('b')] });

  it('updates where an attribute is missing, once', () => {
    const store = createTestStore();
    send(store, put('a', { Version: { N: '1' } }));
    const marked = { ...keyOf('a'), Version: { N: '1' }, Mark: { N: '7' } };
    expect(send(store, update)).toMatchObject({
      Responses: [{ TableName: TABLE_NAME }, { Error: { Code: 'ConditionalCheckFailed' } }],
    });
    expect(store.snapshot(TABLE_NAME)).toEqual([marked]);
    expect(send(store, update)).toMatchObject({
      Responses: [{ Error: { Code: 'ConditionalCheckFailed', Item: marked } }, {}],
    });
  });
});

describe('commandRequest with a statement that removes', () => {
  it('removes attributes, and none of the key', () => {
    const store = createTestStore();
    send(store, put('a', { Version: { N: '1' }, Mark: { N: '7' }, Note: { S: 'x' } }));
    const remove = (names: string) => ({
      Statement: `UPDATE "${TABLE_NAME}" SET "Version"=? ${names} WHERE "Id"=? AND "Version"<?`,
      Parameters: [{ N: '2' }, { S: 'a' }, { N: '2' }],
    });
    const both = remove('REMOVE "Mark" REMOVE "None"');
    expect(send(store, new BatchExecuteStatementCommand({ Statements: [both] }))).toMatchObject({
      Responses: [{ TableName: TABLE_NAME }],
    });
    expect(store.snapshot(TABLE_NAME)).toEqual([{ ...keyOf('a'), Version: { N: '2' }, Note: { S: 'x' } }]);
    for (const names of ['REMOVE "Id"', 'REMOVE "Version"']) {
      expect(send(store, new BatchExecuteStatementCommand({ Statements: [remove(names)] }))).toMatchObject({
        Responses: [{ Error: { Code: 'ValidationError' } }],
      });
    }
  });
});

describe('commandRequest with throttled members', () => {
  const second: MemberThrottle = (index) => index === 1;
  const all: MemberThrottle = () => true;

  it('fails a statement alone', () => {
    const store = createTestStore();
    const command = new BatchExecuteStatementCommand({
      Statements: [insert('a'), insert('b'), insert('a2')],
    });
    expect(commandRequest(store, command).members).toBe(3);
    expect(send(store, command, second)).toMatchObject({
      Responses: [
        { TableName: TABLE_NAME },
        { Error: { Code: 'ThrottlingError' } },
        { TableName: TABLE_NAME },
      ],
    });
    expect(store.snapshot(TABLE_NAME).map(({ Id }) => Id?.S)).toEqual(['a', 'a2']);
  });

  it('leaves a key or an item unprocessed, and throws when none is processed', () => {
    const store = createTestStore();
    const requests = ['a', 'b'].map((id) => ({ PutRequest: { Item: keyOf(id) } }));
    const write = new BatchWriteItemCommand({ RequestItems: { [TABLE_NAME]: requests } });
    expect(send(store, write, second)).toMatchObject({ UnprocessedItems: { [TABLE_NAME]: [requests[1]] } });
    send(store, write);
    const read = new BatchGetItemCommand({
      RequestItems: { [TABLE_NAME]: { Keys: [keyOf('a'), keyOf('b'), keyOf('c')], ConsistentRead: true } },
    });
    expect(send(store, read, second)).toMatchObject({
      Responses: { [TABLE_NAME]: [keyOf('a')] },
      UnprocessedKeys: { [TABLE_NAME]: { Keys: [keyOf('b')], ConsistentRead: true } },
    });
    for (const command of [write, read]) {
      expect(thrownBy(() => send(store, command, all))).toMatchObject({
        name: 'ProvisionedThroughputExceededException',
      });
    }
  });
});

describe('commandRequest', () => {
  it('throws what the SDK throws, with the existing item where it is asked for', () => {
    const store = createTestStore();
    send(store, put('a', { N: { N: '5' } }));
    const condition = {
      ConditionExpression: 'attribute_not_exists(#id)',
      ExpressionAttributeNames: { '#id': 'Id' },
    };
    const again = { TableName: TABLE_NAME, Item: keyOf('a'), ...condition };
    const bare = thrownBy(() => send(store, new PutItemCommand(again)));
    expect(bare).toBeInstanceOf(ConditionalCheckFailedException);
    expect((bare as ConditionalCheckFailedException).Item).toBeUndefined();
    const returning = new PutItemCommand({ ...again, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    expect(thrownBy(() => send(store, returning))).toMatchObject({ Item: { N: { N: '5' } } });
  });

  it('is classified by commit as DynamoDB is, when the store has not answered', () => {
    const { failures } = commandRequest(createTestStore(), put('a'));
    expect(
      Object.entries(failures).map(([kind, fail]) => [kind, classifyDynamoDbError(thrownBy(fail))]),
    ).toEqual([
      ['throttled', 'throttled'],
      ['conflict', 'throttled'],
      ['serverError', 'unavailable'],
      ['timeout', 'unavailable'],
      ['unreadable', 'unavailable'],
    ]);
    expect(thrownBy(failures.throttled)).toBeInstanceOf(ThrottlingException);
    expect(thrownBy(failures.serverError)).toBeInstanceOf(InternalServerError);
    expect(thrownBy(failures.timeout)).toMatchObject({ name: 'TimeoutError' });
    expect(thrownBy(failures.unreadable)).toBeInstanceOf(SyntaxError);
  });

  it('meets a conflict in the way of each command', () => {
    const store = createTestStore();
    const { conflict } = commandRequest(store, transact([increment('a'), increment('b')])).failures;
    expect(thrownBy(conflict)).toMatchObject({
      CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
    });
    const statements = new BatchExecuteStatementCommand({ Statements: [insert('a')] });
    expect(commandRequest(store, statements).failures.conflict()).toMatchObject({
      Responses: [{ Error: { Code: 'TransactionConflict' } }],
    });
    const requests = [{ PutRequest: { Item: keyOf('a') } }];
    const batch = new BatchWriteItemCommand({ RequestItems: { [TABLE_NAME]: requests } });
    expect(commandRequest(store, batch).failures.conflict()).toMatchObject({
      UnprocessedItems: { [TABLE_NAME]: requests },
    });
  });

  it('is not changed by who changes a request or an answer afterwards', () => {
    const store = createTestStore();
    const Item = { ...keyOf('a'), Map: { M: { Inner: { S: 'kept' } } } };
    send(store, new PutItemCommand({ TableName: TABLE_NAME, Item }));
    const stored = { ...keyOf('a'), Map: { M: { Inner: { S: 'kept' } } } };
    Item.Map.M.Inner.S = 'changed';
    const read = new GetItemCommand({ TableName: TABLE_NAME, Key: keyOf('a') });
    const answer = send(store, read) as unknown as { Item: typeof Item };
    expect(answer.Item).toEqual(stored);
    answer.Item.Map.M.Inner.S = 'changed';
    expect(send(store, read)).toMatchObject({ Item: stored });
  });

  it.each<[string, object]>([
    ['101 actions', transact(Array.from({ length: 101 }, (_, index) => increment(`${index}`)))],
    ['no action', transact([])],
    ['two actions on one item', transact([increment('a'), increment('a')])],
    [
      'a transaction of more than 4 MB',
      transact(
        Array.from({ length: 11 }, (_, index) => ({
          Put: { TableName: TABLE_NAME, Item: { ...keyOf(`${index}`), Raw: { B: new Uint8Array(399_000) } } },
        })),
      ),
    ],
    ['26 statements', new BatchExecuteStatementCommand({ Statements: Array(26).fill(insert('a')) })],
    [
      'two statements on one item',
      new BatchExecuteStatementCommand({ Statements: [insert('a'), raise('a', '1')] }),
    ],
    ['an item of more than 400 kB', put('a', { Raw: { S: 'é'.repeat(205_000) } })],
    ['an empty key', put('')],
    ['a key of 2,049 bytes', put('k'.repeat(2_049))],
    ['a key of another type', new GetItemCommand({ TableName: TABLE_NAME, Key: { Id: { N: '1' } } })],
    ['a key of another name', new GetItemCommand({ TableName: TABLE_NAME, Key: { Name: { S: 'a' } } })],
    [
      'a name that no expression uses',
      new PutItemCommand({
        TableName: TABLE_NAME,
        Item: keyOf('a'),
        ExpressionAttributeNames: { '#n': 'N' },
      }),
    ],
  ])('refuses %s', (_, command) => {
    const store = createTestStore();
    send(store, put('first'));
    expect(thrownBy(() => send(store, command))).toMatchObject({ name: 'ValidationException' });
    expect(store.snapshot(TABLE_NAME).length).toBe(1);
  });

  it('says by which member a batch of statements is refused', () => {
    const store = createTestStore();
    const Statements = [
      { ...insert('a'), Statement: `INSERT INTO "Unknown" VALUE {'Id':?}` },
      { ...insert('a'), Parameters: [] },
      insert('b'),
    ];
    expect(send(store, new BatchExecuteStatementCommand({ Statements }))).toMatchObject({
      Responses: [
        { Error: { Code: 'ResourceNotFound' } },
        { Error: { Code: 'ValidationError' } },
        { TableName: TABLE_NAME },
      ],
    });
  });

  it('refuses a table that is not there', () => {
    const command = new GetItemCommand({ TableName: 'Unknown', Key: keyOf('a') });
    expect(thrownBy(() => send(createTestStore(), command))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('scans a table page by page', () => {
    const store = createTestStore();
    for (const id of ['a', 'b', 'c']) {
      send(store, put(id, { Raw: { B: new Uint8Array(400_000) } }));
    }
    send(store, new DeleteItemCommand({ TableName: TABLE_NAME, Key: keyOf('b') }));
    send(store, put('d', { Raw: { B: new Uint8Array(400_000) } }));
    const projection = { ProjectionExpression: '#id', ExpressionAttributeNames: { '#id': 'Id' } };
    const first = send(store, new ScanCommand({ TableName: TABLE_NAME, ...projection })) as {
      LastEvaluatedKey: object;
    };
    expect(first).toMatchObject({
      // In the order of a hash, as partitions have it.
      Items: ['d', 'a', 'c'].map(keyOf),
      Count: 3,
      LastEvaluatedKey: keyOf('c'),
    });
    const rest = send(store, new ScanCommand({ TableName: TABLE_NAME, ExclusiveStartKey: keyOf('c') }));
    expect(rest).toMatchObject({ Items: [], Count: 0 });
    expect(rest).not.toHaveProperty('LastEvaluatedKey');
    expect(send(store, new ScanCommand({ TableName: TABLE_NAME, Limit: 1 }))).toMatchObject({
      LastEvaluatedKey: keyOf('d'),
    });
  });

  it('scans pages of as many items as it is told', () => {
    const store = createStore({
      tables: [{ name: TABLE_NAME, key: ['Id'] }],
      now: () => 0,
      pageItemsMax: () => 2,
    });
    const ids = ['a', 'b', 'c', 'd', 'e'];
    for (const id of ids) {
      send(store, put(id));
    }
    const found: (string | undefined)[] = [];
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const page = send(
        store,
        new ScanCommand({ TableName: TABLE_NAME, ExclusiveStartKey }),
      ) as ScanCommandOutput;
      expect(page.Count).toBeLessThanOrEqual(2);
      found.push(...(page.Items ?? []).map(({ Id }) => Id?.S));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    expect(found.sort()).toEqual(ids);
  });
});

describe('commandRequest never guesses, and does not know', () => {
  const names = { ExpressionAttributeNames: { '#n': 'N' } };
  const update = { TableName: TABLE_NAME, Key: keyOf('a'), ...names };

  it.each<[string, object]>([
    ['another command', new DescribeTableCommand({ TableName: TABLE_NAME })],
    ['another parameter', new ScanCommand({ TableName: TABLE_NAME, FilterExpression: '#n = :n' })],
    [
      'reserved words',
      new GetItemCommand({ TableName: TABLE_NAME, Key: keyOf('a'), ProjectionExpression: 'Value' }),
    ],
    ['paths', new UpdateItemCommand({ ...update, UpdateExpression: 'REMOVE #n.#n' })],
    ['size', new UpdateItemCommand({ ...update, ConditionExpression: 'size(#n) > :v' })],
    ['contains', new UpdateItemCommand({ ...update, ConditionExpression: 'contains(#n, :v)' })],
    ['list_append', new UpdateItemCommand({ ...update, UpdateExpression: 'SET #n = list_append(#n, :v)' })],
    ['DELETE', new UpdateItemCommand({ ...update, UpdateExpression: 'DELETE #n :v' })],
    ['other characters', new UpdateItemCommand({ ...update, UpdateExpression: 'SET #n = ?' })],
    ['sets', put('a', { Set: { SS: ['a'] } })],
    ['numbers that it cannot keep', put('a', { N: { N: '1e40' } })],
    [
      'other statements',
      new BatchExecuteStatementCommand({ Statements: [{ Statement: 'SELECT * FROM "Items"' }] }),
    ],
    [
      'values in statements',
      new BatchExecuteStatementCommand({
        Statements: [{ Statement: `INSERT INTO "Items" VALUE {'Id':'a'}` }],
      }),
    ],
  ])('%s', (_, command) => {
    expect(thrownBy(() => send(createTestStore(), command))).toMatchObject({ code: 'not-simulated' });
  });
});
