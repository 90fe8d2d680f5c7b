import type { Action } from '@oncefold/commit';
import { describe, expect, it } from 'vitest';
import { createStore, type SimulatedStore } from './create-store.ts';
import { transactionRequest } from './transactions.ts';

const MINUTE_MS = 60_000;

function increment(id: string, by = '1'): Action {
  return { type: 'update', table: 'Aggregates', key: { Id: { S: id } }, add: { Value: by } };
}

function marker(id: string): Action {
  return { type: 'put-if-absent', table: 'Markers', key: { Id: { S: id } }, attributes: {} };
}

function createTestStore(now: () => number = () => 0): SimulatedStore {
  return createStore({
    tables: [
      { name: 'Aggregates', key: ['Id'] },
      { name: 'Markers', key: ['Id'] },
    ],
    now,
  });
}

function request(store: SimulatedStore, actions: readonly Action[], token?: string) {
  return transactionRequest(store, { actions, timeoutMs: 1, ...(token !== undefined && { token }) });
}

function readValue(store: SimulatedStore, id: string): string | undefined {
  return store.get('Aggregates', { Id: { S: id } })?.['Value']?.N;
}

describe('transactionRequest', () => {
  it('answers a conflict where a running transaction holds an item, and nothing of it is written', () => {
    const store = createTestStore();
    const first = request(store, [increment('a'), increment('b')]).begin();
    const second = request(store, [increment('b'), increment('c')]).begin();
    const third = request(store, [increment('c')]).begin();
    expect(first.finish()).toMatchObject({ code: 'committed' });
    expect(second.finish()).toEqual({ code: 'conflict' });
    expect(third.finish()).toMatchObject({ code: 'committed' });
    expect(['a', 'b', 'c'].map((id) => readValue(store, id))).toEqual(['1', '1', '1']);
  });

  it('decides a conflict when it begins, even if the other transaction ends before it', () => {
    const store = createTestStore();
    const first = request(store, [increment('a')]).begin();
    const second = request(store, [increment('a')]).begin();
    first.finish();
    expect(second.finish()).toEqual({ code: 'conflict' });
    expect(readValue(store, 'a')).toBe('1');
  });

  it('shows nothing of a transaction before its end, and then all of it', () => {
    const store = createTestStore();
    const execution = request(store, [increment('a'), increment('b')]).begin();
    expect(store.snapshot('Aggregates')).toEqual([]);
    execution.finish();
    expect(store.snapshot('Aggregates')).toEqual([
      { Id: { S: 'a' }, Value: { N: '1' } },
      { Id: { S: 'b' }, Value: { N: '1' } },
    ]);
  });

  // An engine on one machine processes requests one after the other: the contract suite cannot ask for this.
  it('answers "in progress" while a request with the same token is being processed', () => {
    const store = createTestStore();
    const first = request(store, [increment('a')], 'token').begin();
    const same = request(store, [increment('a')], 'token').begin();
    const other = request(store, [increment('b')], 'token').begin();
    expect(same.finish()).toEqual({ code: 'in-progress' });
    expect(other.finish()).toEqual({ code: 'in-progress' });
    first.finish();
    expect(
      request(store, [increment('a')], 'token')
        .begin()
        .finish(),
    ).toMatchObject({ replayed: true });
    expect(readValue(store, 'a')).toBe('1');
  });

  it('keeps a token for 10 minutes from the end of its first request, and replays do not lengthen that', () => {
    let now = 0;
    const store = createTestStore(() => now);
    const again = () =>
      request(store, [increment('a')], 'token')
        .begin()
        .finish();
    const first = request(store, [increment('a')], 'token').begin();
    now = MINUTE_MS;
    first.finish();
    now = 11 * MINUTE_MS - 1;
    expect(again()).toMatchObject({ code: 'committed', replayed: true });
    now = 11 * MINUTE_MS;
    expect(again()).toMatchObject({ code: 'committed', replayed: false });
    expect(readValue(store, 'a')).toBe('2');
  });

  it('frees the items and the token of a transaction that is abandoned, cancelled or refused', () => {
    const store = createTestStore();
    request(store, [marker('taken')])
      .begin()
      .finish();
    request(store, [increment('a'), marker('m')], 'token')
      .begin()
      .abandon();
    expect(
      request(store, [increment('a'), marker('taken')], 'token')
        .begin()
        .finish(),
    ).toMatchObject({
      code: 'condition-failed',
    });
    const unsummable = increment('a', '9'.repeat(27));
    expect(() =>
      request(store, [marker('m'), unsummable], 'token')
        .begin()
        .finish(),
    ).toThrow('at most 26 integer');
    expect(
      request(store, [increment('a'), marker('m')], 'token')
        .begin()
        .finish(),
    ).toMatchObject({
      code: 'committed',
      replayed: false,
    });
  });

  it('does not write the copy of a request that has no token: the SDK has given it one', () => {
    const store = createTestStore();
    const sent = request(store, [increment('a')]);
    sent.begin().finish();
    expect(sent.begin().finish()).toMatchObject({ code: 'committed', replayed: true });
    expect(readValue(store, 'a')).toBe('1');
  });

  it('cancels a transaction of which one action is throttled', () => {
    const store = createTestStore();
    const execution = request(store, [increment('a'), increment('b')]).begin((index) => index === 1);
    expect(execution.finish()).toEqual({ code: 'throttled' });
    expect(store.snapshot('Aggregates')).toEqual([]);
  });

  it('knows a number in every spelling as one key, and keeps numbers in one form', () => {
    const store = createStore({ tables: [{ name: 'Numbers', key: ['Id', 'Part'] }], now: () => 0 });
    const put = (part: string, value: string): Action => ({
      type: 'put',
      table: 'Numbers',
      key: { Id: { S: 'a' }, Part: { N: part } },
      attributes: { Value: { N: value } },
    });
    for (const [part, value] of [
      ['1', '2.50'],
      ['1.0', '25e-1'],
    ] as const) {
      request(store, [put(part, value)])
        .begin()
        .finish();
      expect(store.snapshot('Numbers')).toEqual([{ Id: { S: 'a' }, Part: { N: '1' }, Value: { N: '2.5' } }]);
    }
    expect(() => request(store, [put('1', '1'), put('1.0', '1')])).toThrow('two actions');
  });

  it('refuses to send what no adapter sends, and is refused by the store at its end', () => {
    const store = createTestStore();
    expect(() => request(store, [])).toThrow('1 to 100 actions');
    const unknown: Action = { type: 'put', table: 'Unknown', key: { Id: { S: 'a' } }, attributes: {} };
    const execution = request(store, [unknown]).begin();
    expect(() => execution.finish()).toThrow(expect.objectContaining({ code: 'transaction-refused' }));
  });

  it('says for a timeline what is asked for, and which items it is about', () => {
    const { summary, items, members } = request(createTestStore(), [increment('a'), marker('m')]);
    expect({ summary, items, members }).toEqual({
      summary: 'TransactWriteItems, 2 actions',
      items: ['Aggregates/a', 'Markers/m'],
      members: 0,
    });
  });

  it('answers by the outcomes of the port when the store has not answered', () => {
    const { failures } = request(createTestStore(), [increment('a')]);
    expect(Object.entries(failures).map(([kind, answer]) => [kind, answer().code])).toEqual([
      ['throttled', 'throttled'],
      ['conflict', 'conflict'],
      ['serverError', 'unavailable'],
      ['timeout', 'unavailable'],
      ['unreadable', 'unavailable'],
    ]);
  });
});
