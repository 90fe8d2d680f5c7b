import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { createStore, type SimulatedStore, type StoreOptions } from './create-store.ts';
import { commandRequest } from './dynamodb-client.ts';
import type { ItemChange } from './store.ts';

const TABLE_NAME = 'Items';
const key = { Id: { S: 'a' } };
const item = (value: string, rest: object = {}) => ({ ...key, Value: { N: value }, ...rest });

function createTestStore(options: Partial<StoreOptions> = {}): {
  store: SimulatedStore;
  changes: ItemChange[];
  put: (value: string, rest?: object) => void;
} {
  const changes: ItemChange[] = [];
  const store = createStore({
    tables: [{ name: TABLE_NAME, key: ['Id'], timeToLive: 'ExpiresAt' }],
    now: () => 0,
    onChange: (change) => changes.push(change),
    ...options,
  });
  const put = (value: string, rest: object = {}) =>
    void commandRequest(store, new PutItemCommand({ TableName: TABLE_NAME, Item: item(value, rest) }))
      .begin()
      .finish();
  return { store, changes, put };
}

describe('createStore', () => {
  it('tells each item that has become another one, in order and when it is written', () => {
    const { store, changes, put } = createTestStore();
    put('1');
    put('2');
    expect(changes.length).toBe(2);
    commandRequest(store, new DeleteItemCommand({ TableName: TABLE_NAME, Key: key }))
      .begin()
      .finish();
    expect(changes.map(({ oldImage, newImage, isExpiry }) => [oldImage, newImage, isExpiry])).toEqual([
      [undefined, item('1'), false],
      [item('1'), item('2'), false],
      [item('2'), undefined, false],
    ]);
    expect(changes.map((change) => [change.table.name, change.key])).toEqual(
      Array(3).fill([TABLE_NAME, key]),
    );
  });

  it('tells nothing of a write that leaves the item as it is', () => {
    const { store, changes, put } = createTestStore();
    put('1');
    put('1.0');
    const add = new UpdateItemCommand({
      TableName: TABLE_NAME,
      Key: key,
      UpdateExpression: 'ADD #value :zero',
      ExpressionAttributeNames: { '#value': 'Value' },
      ExpressionAttributeValues: { ':zero': { N: '0' } },
    });
    commandRequest(store, add).begin().finish();
    commandRequest(store, new DeleteItemCommand({ TableName: TABLE_NAME, Key: { Id: { S: 'absent' } } }))
      .begin()
      .finish();
    expect(changes.length).toBe(1);
  });

  it('deletes items whose time to live is over, as expiries', () => {
    const { store, changes, put } = createTestStore();
    put('1', { ExpiresAt: { N: '100' } });
    expect(store.expire(100)).toBe(0);
    expect(store.expire(101)).toBe(1);
    expect(store.expire(102)).toBe(0);
    expect(store.snapshot(TABLE_NAME)).toEqual([]);
    expect(changes.at(-1)).toMatchObject({ newImage: undefined, isExpiry: true });
  });

  it.each([
    ['that is text', { ExpiresAt: { S: '100' } }],
    ['of another name', { Other: { N: '100' } }],
    ['that was over more than five years ago', { ExpiresAt: { N: '-200000000' } }],
  ])('does not delete an item with a time to live %s', (_, rest) => {
    const { store, put } = createTestStore();
    put('1', rest);
    expect(store.expire(101)).toBe(0);
  });

  it('reads behind where a read need not be consistent, and never further back than asked for', () => {
    let [now, behindMs] = [0, 0];
    const { store, put } = createTestStore({ now: () => now, readsBehindMs: () => behindMs });
    const read = (ConsistentRead?: boolean) => {
      const command = new GetItemCommand({
        TableName: TABLE_NAME,
        Key: key,
        ...(ConsistentRead !== undefined && { ConsistentRead }),
      });
      return (commandRequest(store, command).begin().finish() as { Item?: { Value: { N: string } } }).Item
        ?.Value.N;
    };
    for (const [time, value] of [
      [100, '1'],
      [200, '2'],
      [300, '3'],
    ] as const) {
      now = time;
      put(value);
    }
    now = 350;
    const seen = [0, 50, 51, 150, 151, 250, 251].map((ms) => {
      behindMs = ms;
      return [read(), read(false), read(true)];
    });
    expect(seen.map(([absent]) => absent)).toEqual(['3', '3', '2', '2', '1', '1', undefined]);
    expect(seen.every(([absent, eventual, consistent]) => absent === eventual && consistent === '3')).toBe(
      true,
    );
  });

  it('does not know other tables', () => {
    const { store } = createTestStore();
    expect(() => store.snapshot('Other')).toThrow('no table Other');
    expect(store.get(TABLE_NAME, key)).toBeUndefined();
  });
});
