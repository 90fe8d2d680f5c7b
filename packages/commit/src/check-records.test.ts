import { describe, expect, it } from 'vitest';
import { assertRecords, preparationsOf } from './check-records.ts';
import { WRITE_BYTES_MAX } from './cut-prefix.ts';
import { incrementEach } from './effect.ts';
import type { CommitRecord } from './strategy.ts';
import type { Action, Put, Update } from './transaction-port.ts';

const record = (more: Partial<CommitRecord>): CommitRecord => ({ id: 'r', contribution: new Map(), ...more });
/** A put of so many bytes: 3 of its key and 1 of its attribute's name, the others of its value. */
const put = (id: string, bytes = 10): Put => ({
  type: 'put',
  table: 'T',
  key: { Id: { S: id } },
  attributes: { b: { B: new Uint8Array(bytes - 4) } },
});
const increment: Update = {
  type: 'update',
  table: 'T',
  key: { Id: { S: 'a' } },
  add: { Value: '1' },
};
const effect = incrementEach({ table: 'Sums', key: 'Id', attribute: 'Value' });
const assertAll = (records: readonly CommitRecord[]): void =>
  assertRecords(records, { effect, indexOf: (record) => records.indexOf(record) });
const broken = { ...increment, add: { Value: 'much' } };

describe('assertRecords', () => {
  it('takes records without writes, with writes of any type, and with preparatory puts', () => {
    const records = [
      record({}),
      record({ writes: [increment, { ...put('a'), type: 'put-if-absent' }] }),
      record({ writes: undefined, preparatoryWrites: [put('a')] }),
    ];
    expect(() => assertAll(records)).not.toThrow();
  });

  it.each<[string, Partial<CommitRecord>, Action, string]>([
    [
      'a write that no store takes',
      { writes: [increment, broken] },
      broken,
      'update on T: what is added to Value must be a number of at most 38 digits that DynamoDB takes',
    ],
    [
      'a preparatory write that no store takes',
      { preparatoryWrites: [put('a'), put('')] },
      put(''),
      'put on T: the key Id is empty',
    ],
    [
      'a preparatory write with a condition of its own',
      { preparatoryWrites: [{ ...put('a'), condition: { attribute: 'b', is: 'absent' } }] },
      { ...put('a'), condition: { attribute: 'b', is: 'absent' } },
      'preparatoryWrites are puts without a condition',
    ],
    [
      'a preparatory write that is no plain put',
      { preparatoryWrites: [{ ...put('a'), type: 'put-if-absent' } as never] },
      { ...put('a'), type: 'put-if-absent' },
      'preparatoryWrites are puts without a condition',
    ],
  ])('refuses %s, and names the record', (_, writes, action, fault) => {
    expect(() => assertAll([record({ writes: [put('a')] }), record({}), record(writes)])).toThrow(
      expect.objectContaining({
        code: 'write-refused',
        recordIndex: 2,
        action,
        message: `a write of record 2 is refused: ${fault}`,
      }),
    );
  });

  it('looks at a list that several records share once, so that a large one costs once', () => {
    let looks = 0;
    const shared = new Proxy([put('a')], {
      get: (target, name, receiver) => {
        looks += name === Symbol.iterator ? 1 : 0;
        return Reflect.get(target, name, receiver);
      },
    });
    assertAll([record({ writes: shared }), record({ writes: shared }), record({ writes: shared })]);
    expect(looks).toBe(1);
  });

  it('looks at preparatory writes also where they are the writes of another record', () => {
    const shared: Action[] = [increment];
    expect(() =>
      assertAll([record({ writes: shared }), record({ preparatoryWrites: shared as never })]),
    ).toThrow('preparatoryWrites are puts without a condition');
  });
});

describe('preparationsOf', () => {
  const portions = (...puts: Put[]): string[][] =>
    preparationsOf(record({ preparatoryWrites: puts })).map((portion) =>
      portion.map(({ key }) => (key['Id'] as { readonly S: string }).S),
    );

  it('is nothing for a record without preparatory writes', () => {
    expect(preparationsOf(record({}))).toEqual([]);
    expect(portions()).toEqual([]);
  });

  it('fits what it can into one transaction, in order', () => {
    expect(portions(put('b'), put('a'), put('c'))).toEqual([['b', 'a', 'c']]);
    expect(preparationsOf(record({ preparatoryWrites: [put('b')] }))).toEqual([[put('b')]]);
  });

  it('begins another transaction after 100 items', () => {
    const puts = Array.from({ length: 201 }, (_, id) => put(`${id}`, 20));
    expect(portions(...puts).map((portion) => portion.length)).toEqual([100, 100, 1]);
  });

  it('begins another transaction where the bytes would be too many, and counts them anew', () => {
    const half = WRITE_BYTES_MAX / 2;
    expect(portions(put('a', half), put('b', half), put('c', half), put('d', half), put('e', 10))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e'],
    ]);
    expect(portions(put('a', half), put('b', half + 1), put('c', half - 1), put('d', 10))).toEqual([
      ['a'],
      ['b', 'c'],
      ['d'],
    ]);
  });

  it('writes an item again in another transaction, in order, unless it is written the same', () => {
    expect(portions(put('a'), put('b'), put('a', 11), put('a', 11), put('c'))).toEqual([
      ['a', 'b'],
      ['a', 'c'],
    ]);
  });
});
