import { describe, expect, it } from 'vitest';
import { computedUnits, consumedUnits, isReplay } from './capacity-units.ts';

const big = { id: { S: 'a' }, text: { S: 'x'.repeat(2_500) } };
const update = {
  Key: { id: { S: 'n' } },
  ExpressionAttributeNames: { '#v': 'Value' },
  ExpressionAttributeValues: { ':by': { N: '1.5' } },
};

describe('computedUnits', () => {
  it('takes a unit for each kilobyte that is written, and twice that in a transaction', () => {
    expect(computedUnits('PutItem', { Item: { id: { S: 'a' } } }, {})).toEqual({ read: 0, write: 1 });
    expect(computedUnits('PutItem', { Item: big }, {})).toEqual({ read: 0, write: 3 });
    expect(computedUnits('UpdateItem', update, {})).toEqual({ read: 0, write: 1 });
    expect(computedUnits('DeleteItem', { Key: update.Key }, {})).toEqual({ read: 0, write: 1 });
    const TransactItems = [{ Update: update }, { Put: { Item: big } }];
    expect(computedUnits('TransactWriteItems', { TransactItems }, {})).toEqual({ read: 0, write: 8 });
  });

  it('takes reads for a transaction that was only answered again', () => {
    const reply = { ConsumedCapacity: [{ TableName: 'T', CapacityUnits: 2, ReadCapacityUnits: 2 }] };
    expect(isReplay(reply)).toBe(true);
    const request = { TransactItems: [{ Update: update }, { Put: { Item: big } }] };
    expect(computedUnits('TransactWriteItems', request, reply)).toEqual({ read: 4, write: 0 });
  });

  it('takes half for a read that need not be consistent', () => {
    expect(computedUnits('GetItem', { ConsistentRead: true }, {})).toEqual({ read: 1, write: 0 });
    expect(computedUnits('GetItem', {}, { Item: big })).toEqual({ read: 0.5, write: 0 });
  });

  it('takes the units of each item of a batch that was processed, and one for a key without an item', () => {
    const keys = ['a', 'b', 'c'].map((id) => ({ id: { S: id } }));
    const read = { RequestItems: { T: { ConsistentRead: true, Keys: keys } } };
    const large = { id: { S: 'a' }, text: { S: 'x'.repeat(5_000) } };
    const reply = { Responses: { T: [large] }, UnprocessedKeys: { T: { Keys: keys.slice(2) } } };
    expect(computedUnits('BatchGetItem', read, reply)).toEqual({ read: 3, write: 0 });
    const eventually = { RequestItems: { T: { Keys: keys } } };
    expect(computedUnits('BatchGetItem', eventually, reply)).toEqual({ read: 1.5, write: 0 });
    const put = { PutRequest: { Item: big } };
    const RequestItems = { T: [put, { DeleteRequest: { Key: { id: { S: 'b' } } } }], U: [put] };
    expect(computedUnits('BatchWriteItem', { RequestItems }, {})).toEqual({ read: 0, write: 7 });
    const UnprocessedItems = { U: [put] };
    expect(computedUnits('BatchWriteItem', { RequestItems }, { UnprocessedItems })).toEqual({
      read: 0,
      write: 4,
    });
  });

  it('takes a unit for each statement that writes or is refused by an item, and none for one that was throttled', () => {
    const statement = (text: string) => ({
      Statement: `INSERT INTO "T" VALUE {'id':?,'text':?}`,
      Parameters: [{ S: 'a' }, { S: text }],
    });
    const Statements = [statement('x'), statement('x'.repeat(2_500)), statement('y'), statement('z')];
    const Responses = [
      {},
      { Error: { Code: 'DuplicateItem' } },
      { Error: { Code: 'ConditionalCheckFailed' } },
      { Error: { Code: 'ThrottlingError' } },
    ];
    expect(computedUnits('BatchExecuteStatement', { Statements }, { Responses })).toEqual({
      read: 0,
      write: 5,
    });
    // 1,024 bytes are the last that a unit takes: the names of the attributes count.
    const bytes = (count: number) => ({ Statements: [statement('x'.repeat(count - 'aidtext'.length))] });
    expect(computedUnits('BatchExecuteStatement', bytes(1_024), {}).write).toBe(1);
    expect(computedUnits('BatchExecuteStatement', bytes(1_025), {}).write).toBe(2);
  });

  it('refuses to guess', () => {
    expect(() => computedUnits('Query', {}, {})).toThrow(
      expect.objectContaining({ code: 'unknown-operation' }),
    );
  });
});

describe('consumedUnits', () => {
  it('adds up what the tables of a request took', () => {
    const ConsumedCapacity = [{ WriteCapacityUnits: 38 }, { WriteCapacityUnits: 10 }];
    expect(consumedUnits('TransactWriteItems', { ConsumedCapacity })).toEqual({ read: 0, write: 48 });
    expect(consumedUnits('GetItem', { ConsumedCapacity: { CapacityUnits: 1 } })).toEqual({
      read: 1,
      write: 0,
    });
    expect(consumedUnits('PutItem', { ConsumedCapacity: { CapacityUnits: 2 } })).toEqual({
      read: 0,
      write: 2,
    });
    expect(consumedUnits('PutItem', {})).toEqual({ read: 0, write: 0 });
  });
});
