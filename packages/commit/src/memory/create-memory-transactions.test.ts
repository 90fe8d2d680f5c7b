import { describe, expect, it } from 'vitest';
import { TransactionRefusedError } from '../errors.ts';
import type { Action, Item } from '../transaction-port.ts';
import { createMemoryTransactions } from './create-memory-transactions.ts';

// What every adapter must do is in the contract of the port; here is what this one does beyond it, and what it says.

const idOf = (id: string): Item => ({ Id: { S: id } });
const put = (id: string, attributes: Item = {}, table = 'T'): Action => ({
  type: 'put',
  table,
  key: idOf(id),
  attributes,
});
const increment = (id: string, by: string): Action => ({
  type: 'update',
  table: 'T',
  key: idOf(id),
  add: { Value: by },
});
const raise = (below: string, to: string): Action => ({
  type: 'raise',
  table: 'T',
  key: idOf('a'),
  attribute: 'At',
  below,
  to,
});
const move = (previous: string, next: string): Action => ({
  type: 'compare-and-set',
  table: 'T',
  key: idOf('a'),
  attribute: 'At',
  previous,
  next,
});

function createStore() {
  const store = createMemoryTransactions({ now: () => 0 });
  const send = (actions: readonly Action[], token?: string) =>
    store.transact({ actions, timeoutMs: 1, ...(token === undefined ? {} : { token }) });
  return { ...store, send };
}

describe('createMemoryTransactions', () => {
  it('shows items in the order of their first write, and nothing of a table that was never written', async () => {
    const store = createStore();
    await store.send([put('b'), put('a', { Text: { S: 'old' } })]);
    await store.send([put('a', { Text: { S: 'new' } }), put('x', {}, 'Other')]);
    expect(store.items('T')).toEqual([idOf('b'), { ...idOf('a'), Text: { S: 'new' } }]);
    expect(store.items('Missing')).toEqual([]);
    expect(store.get('Missing', idOf('a'))).toBeUndefined();
    expect(store.get('T', idOf('c'))).toBeUndefined();
  });

  it('removes an item, and nothing of a table that was never written', async () => {
    const store = createStore();
    await store.send([put('a'), put('b')]);
    store.delete('T', idOf('a'));
    store.delete('Missing', idOf('a'));
    expect(store.items('T')).toEqual([idOf('b')]);
  });

  it('charges two units for each action: of writing, and of reading when it only repeats its answer', async () => {
    const store = createStore();
    const actions = [put('a'), increment('b', '1'), put('c')];
    expect(await store.send(actions, 'token')).toEqual({
      code: 'committed',
      replayed: false,
      units: { read: 0, write: 6 },
    });
    expect(await store.send(actions, 'token')).toEqual({
      code: 'committed',
      replayed: true,
      units: { read: 6, write: 0 },
    });
  });

  it('compares the bytes of a request that is repeated under its token', async () => {
    const store = createStore();
    const of = (...bytes: number[]) => [put('a', { Raw: { B: Uint8Array.from(bytes) } })];
    await store.send(of(1, 2), 'token');
    expect(await store.send(of(1, 2), 'token')).toMatchObject({ code: 'committed', replayed: true });
    expect(await store.send(of(1, 3), 'token')).toEqual({ code: 'token-mismatch' });
    // The same as what is not bytes.
    expect(await store.send([put('a', { Raw: { S: '1,2' } })], 'token')).toEqual({ code: 'token-mismatch' });
  });

  it('takes requests without a token for different ones', async () => {
    const store = createStore();
    await store.send([increment('a', '1')]);
    expect(await store.send([increment('a', '1')])).toMatchObject({ replayed: false });
    expect(store.get('T', idOf('a'))).toEqual({ ...idOf('a'), Value: { N: '2' } });
  });

  it('refuses a token that DynamoDB refuses', async () => {
    await expect(createStore().send([put('a')], 't'.repeat(37))).rejects.toThrow(TransactionRefusedError);
  });

  it('counts the window of a token from when its request completed', async () => {
    let now = 1_000_000;
    const store = createMemoryTransactions({ now: () => now });
    const request = { actions: [put('a')], token: 'token', timeoutMs: 1 };
    await store.transact(request);
    now += 10 * 60_000 - 1;
    expect(await store.transact(request)).toMatchObject({ replayed: true });
    now += 1;
    expect(await store.transact(request)).toMatchObject({ replayed: false });
  });

  it('keeps the other attributes of an item that it increments, raises or moves', async () => {
    const store = createStore();
    await store.send([put('a', { At: { S: '1' }, Other: { S: 'kept' } })]);
    await store.send([raise('2', '3')]);
    expect(store.get('T', idOf('a'))).toEqual({ ...idOf('a'), At: { S: '3' }, Other: { S: 'kept' } });
    await store.send([move('3', '5')]);
    expect(store.get('T', idOf('a'))).toEqual({ ...idOf('a'), At: { S: '5' }, Other: { S: 'kept' } });
    await store.send([increment('a', '1')]);
    expect(store.get('T', idOf('a'))).toEqual({
      ...idOf('a'),
      At: { S: '5' },
      Other: { S: 'kept' },
      Value: { N: '1' },
    });
  });

  it.each<[string, Item | undefined, Action]>([
    ['raises nothing that is as high as its limit', { At: { S: '2' } }, raise('2', '3')],
    ['raises no number', { At: { N: '1' } }, raise('2', '3')],
    ['raises no attribute that is not there', {}, raise('2', '3')],
    ['raises no item that is not there', undefined, raise('2', '3')],
    ['moves nothing that is elsewhere', { At: { S: '2' } }, move('3', '4')],
    ['moves no number', { At: { N: '3' } }, move('3', '4')],
    ['moves no item that is not there', undefined, move('3', '4')],
    [
      'puts nothing where an item is',
      {},
      { type: 'put-if-absent', table: 'T', key: idOf('a'), attributes: {} },
    ],
  ])('%s', async (_, attributes, action) => {
    const store = createStore();
    if (attributes !== undefined) {
      await store.send([put('a', attributes)]);
    }
    const existing = attributes === undefined ? undefined : { ...attributes, ...idOf('a') };
    expect(await store.send([action])).toEqual({
      code: 'condition-failed',
      failures: [{ action, existing }],
    });
    expect(store.get('T', idOf('a'))).toEqual(existing);
  });

  it('lets the first write of a table decide the names and types of its key', async () => {
    const store = createStore();
    const at = (key: Item): Action => ({ type: 'put', table: 'T', key, attributes: {} });
    await store.send([at({ Range: { N: '1' }, Hash: { S: 'a' } })]);
    expect(await store.send([at({ Hash: { S: 'a' }, Range: { N: '2' } })])).toMatchObject({
      code: 'committed',
    });
    await expect(store.send([at({ Hash: { S: 'a' }, Range: { S: '2' } })])).rejects.toThrow(
      new TransactionRefusedError('the key of T is Hash (S), Range (N), not Hash (S), Range (S)'),
    );
    await expect(store.send([at(idOf('a'))])).rejects.toThrow(
      new TransactionRefusedError('the key of T is Hash (S), Range (N), not Id (S)'),
    );
  });

  it('refuses to increment what is no number, or past what a number can hold, and says why', async () => {
    const store = createStore();
    await store.send([put('a', { Value: { S: '1' } }), put('b', { Value: { N: '9e125' } })]);
    await expect(store.send([increment('a', '1')])).rejects.toThrow(
      new TransactionRefusedError('an attribute that is no number cannot be incremented'),
    );
    const tooLarge = store.send([increment('b', '9e125')]);
    await expect(tooLarge).rejects.toThrow(
      new TransactionRefusedError('a number has more digits than an attribute can hold'),
    );
  });
});
