import { type Contribution, DecimalError, parseSum } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import { buildNextCommit, describe as describeAction, writeRefused } from './build-commit.ts';
import { type Effect, type GroupIdentity, incrementEach } from './effect.ts';
import type { CommitRecord, Strategy } from './strategy.ts';
import type { Action, Put, PutIfAbsent, Update } from './transaction-port.ts';

const sums = incrementEach({ table: 'Sums', key: 'Id', attribute: 'Value' });
const increment = (id: string, by: string): Update => ({
  type: 'update',
  table: 'Sums',
  key: { Id: { S: id } },
  add: { Value: by },
});
const put = (id: string, table = 'Sums'): Put => ({
  type: 'put',
  table,
  key: { Id: { S: id } },
  attributes: {},
});
const guardOn = (id: string): PutIfAbsent => ({ ...put(id, 'Guards'), type: 'put-if-absent' });
const contribution = (entries: Record<string, string>): Contribution =>
  new Map(Object.entries(entries).map(([key, value]) => [key, parseSum(value)]));
const record = (
  id: string,
  entries: Record<string, string>,
  more: Partial<CommitRecord> = {},
): CommitRecord => ({
  id,
  contribution: contribution(entries),
  ...more,
});

/** A guard with one item for each record of the group. */
const strategy: Strategy = {
  code: 'ledger',
  identifiesBy: 'id',
  guardSize: (count) => count,
  open: () => ({
    guard: (group) => ({
      name: group.map(({ id }) => id).join('+'),
      actions: group.map(({ id }) => guardOn(id)),
    }),
  }),
};

function build(records: readonly CommitRecord[], effect: Effect = sums) {
  return buildNextCommit(records, {
    effect,
    strategy,
    session: strategy.open({ records, source: 'stream' }, { remainingMs: () => 1 }),
    indexOf: (searched) => records.indexOf(searched) + 10,
  });
}
const idsOf = (records: readonly CommitRecord[], effect?: Effect): string[] =>
  build(records, effect).group.map(({ id }) => id);

describe('buildNextCommit', () => {
  it('builds one transaction of the guard, the sums and the writes of a group', () => {
    const records = [
      record('r1', { a: '1', b: '2' }, { writes: [put('x', 'Items')] }),
      record('r2', { a: '0.5' }, { writes: [increment('b', '-1')] }),
    ];
    const { group, commit } = build(records);
    expect(group).toEqual(records);
    expect(commit.guard.name).toBe('r1+r2');
    expect(commit.actions).toHaveLength(5);
    expect(commit.actions).toEqual(
      expect.arrayContaining([
        guardOn('r1'),
        guardOn('r2'),
        increment('a', '1.5'),
        increment('b', '1'),
        put('x', 'Items'),
      ]),
    );
  });

  it('orders the actions alike, whatever order the records came in', () => {
    const records = [3, 1, 2, 0].map((of) =>
      record(`r${of}`, { [`k${of}`]: '1', a: '1' }, { writes: [put(`w${of}`, 'Items')] }),
    );
    const { actions } = build(records).commit;
    expect(build(records.toReversed()).commit.actions).toEqual(actions);
    expect(actions.map(({ table, key }) => `${table} ${(key['Id'] as { S: string }).S}`)).toEqual([
      ...['Guards r0', 'Guards r1', 'Guards r2', 'Guards r3'],
      ...['Items w0', 'Items w1', 'Items w2', 'Items w3'],
      ...['Sums a', 'Sums k0', 'Sums k1', 'Sums k2', 'Sums k3'],
    ]);
  });

  it('gives the effect the name of the guard, and the times of the oldest and the newest record', () => {
    const identities: GroupIdentity[] = [];
    const effect: Effect = {
      ...sums,
      actions: (_, identity) => {
        identities.push(identity);
        return [];
      },
    };
    const times = [undefined, 5, 7, 6, undefined];
    build(
      times.map((time, index) => record(`r${index}`, {}, { time })),
      effect,
    );
    build([record('r9', {})], effect);
    expect(identities).toEqual([
      { name: 'r0+r1+r2+r3+r4', earliestTime: 5, latestTime: 7 },
      { name: 'r9', earliestTime: undefined, latestTime: undefined },
    ]);
  });

  it('halves a group until its writes do not contradict its sums', () => {
    const records = [0, 1, 2, 3, 4, 5].map((of) => record(`r${of}`, { a: '1' }));
    records.push(record('r6', {}, { writes: [put('a')] }));
    expect(idsOf(records)).toEqual(['r0', 'r1', 'r2', 'r3']);
    expect(idsOf(records.slice(4))).toEqual(['r4', 'r5']);
    expect(idsOf(records.slice(5))).toEqual(['r5']);
    expect(idsOf(records.slice(6))).toEqual(['r6']);
  });

  it('halves a group until its sums have no more digits than a number can have', () => {
    const large = (id: string) => record(id, { a: `9${'0'.repeat(25)}` });
    expect(idsOf([large('r0'), large('r1')])).toEqual(['r0']);
  });

  it('refuses a record that contradicts its own sums, and says where', () => {
    const own = record('r1', { a: '1' }, { writes: [put('a')] });
    expect(() => build([own, record('r2', {})])).toThrow(
      expect.objectContaining({
        code: 'write-refused',
        recordIndex: 10,
        action: increment('a', '1'),
        message: 'a write of a record contradicts the effect on one item: update on Sums',
      }),
    );
  });

  it.each<[string, Partial<CommitRecord>]>([
    ['a write', { writes: [put('x', 'Items'), put('r2', 'Guards')] }],
    ['a preparatory write', { preparatoryWrites: [put('x', 'Items'), put('r2', 'Guards')] }],
  ])('refuses %s on the item of its guard', (_, own) => {
    const records = [record('r1', {}), record('r2', {}, own)];
    // Alone, the first record has no such guard.
    expect(idsOf(records)).toEqual(['r1']);
    expect(() => build(records.slice(1))).toThrow(
      expect.objectContaining({
        code: 'write-refused',
        recordIndex: 10,
        action: put('r2', 'Guards'),
        message: 'a write of a record is on the item of a guard: put on Guards',
      }),
    );
  });

  it('does not go on for less than a whole group after an error that is of another kind', () => {
    let calls = 0;
    const effect: Effect = {
      ...sums,
      actions: () => {
        calls += 1;
        throw new TypeError('a mistake in the program');
      },
    };
    expect(() => build([record('r1', {}), record('r2', {})], effect)).toThrow(TypeError);
    expect(calls).toBe(1);
  });

  it('hands on that the sum of one record alone has too many digits', () => {
    const effect: Effect = {
      ...sums,
      actions: () => {
        throw new DecimalError('too-many-integer-digits', 'Use a larger unit.');
      },
    };
    expect(() => build([record('r1', {}), record('r2', {})], effect)).toThrow(DecimalError);
  });
});

describe('failuresByOrigin', () => {
  it('says who made the actions whose conditions did not hold', () => {
    const { commit } = build([
      record('r1', { a: '1', b: '1' }, { writes: [put('x', 'Items'), increment('b', '1')] }),
    ]);
    const failure = (action: Action) => ({ action, existing: undefined });
    const [guard, effect, both, write] = [
      failure(guardOn('r1')),
      failure(increment('a', '1')),
      failure(increment('b', '2')),
      failure(put('x', 'Items')),
    ];
    expect(commit.failuresByOrigin([write, both, effect, guard])).toEqual({
      guard: [guard],
      effect: [both, effect],
      writes: [write],
    });
    expect(commit.failuresByOrigin([])).toEqual({ guard: [], effect: [], writes: [] });
  });
});

describe('writeRefused', () => {
  const group = [
    record('r0', {}),
    record('r1', {}, { writes: [put('a')], preparatoryWrites: [put('b'), put('c')] }),
    record('r2', {}, { writes: [put('a'), put('b')] }),
  ];
  const indexOf = (searched: CommitRecord): number => group.indexOf(searched) + 5;

  it.each([
    ['the first record that makes the write', put('a'), 6],
    ['the record that makes it in its transaction, before one that prepares it', put('b'), 7],
    ['the record that prepares it', put('c'), 6],
    ['no record, where none makes it', put('d'), -1],
  ])('names %s', (_, action, recordIndex) => {
    expect(writeRefused('why', { action, group, indexOf })).toMatchObject({
      message: 'why',
      action,
      recordIndex,
    });
  });
});

describe('describe', () => {
  it('says the type and the table of an action, and nothing of its keys or values', () => {
    expect(describeAction(increment('secret', '1'))).toBe('update on Sums');
  });
});
