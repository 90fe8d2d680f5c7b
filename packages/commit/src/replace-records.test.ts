import { parseDecimal } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import { commitBatch } from './commit-batch.ts';
import { type Effect, incrementEach, type RecordRefusal } from './effect.ts';
import { createMemoryTransactions } from './memory/index.ts';
import { ledger } from './strategies/ledger.ts';
import type { CommitRecord, Replacement } from './strategy.ts';

const sums = incrementEach({ table: 'Sums', key: 'Key', attribute: 'Value' });
const keys = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `k${index}`);
const record = (id: string, ...names: readonly string[]): CommitRecord => ({
  id,
  contribution: new Map(names.map((key) => [key, parseDecimal('1')])),
});
const put = (id: string): Replacement => ({
  writes: [{ type: 'put', table: 'Refused', key: { Id: { S: id } }, attributes: {} }],
});

function commit(records: readonly CommitRecord[], effect: Effect = sums) {
  const transactions = createMemoryTransactions({ now: () => 0 });
  const strategy = ledger({ namespace: 'n', consumer: 'c', table: 'Ledger', now: () => 0 });
  const options = { transactions, strategy, effect, remainingMs: () => 30_000 };
  const deliver = () => commitBatch({ records, source: 's' }, options);
  return { transactions, deliver };
}

describe('commitBatch, where a record cannot be committed as it is', () => {
  it('commits what its onRefused says in its place, once, and goes on with the others', async () => {
    const refusals: RecordRefusal[] = [];
    const refuse = (id: string, ...names: readonly string[]): CommitRecord => ({
      ...record(id, ...names),
      onRefused: (refusal) => {
        refusals.push(refusal);
        return put(id);
      },
    });
    const { transactions, deliver } = commit([
      record('a', 'k'),
      refuse('large', ...keys(100)),
      refuse('fine', 'k'),
      refuse('invalid', 'k', ''),
      record('b', 'k'),
    ]);
    const report = await deliver();
    expect(report).toMatchObject({
      applied: ['a', 'large', 'fine', 'invalid', 'b'],
      refused: ['large', 'invalid'],
      conditionFailed: [],
    });
    expect(refusals).toEqual([
      { code: 'invalid-key', reason: 'an aggregate key must be well-formed text of 1 to 2048 bytes' },
      {
        code: 'record-too-large',
        reason: 'one record has more aggregate keys than a transaction can hold beside its guard',
      },
    ]);
    expect((await deliver()).alreadyApplied).toHaveLength(5);
    expect(transactions.items('Sums')).toEqual([{ Key: { S: 'k' }, Value: { N: '3' } }]);
    expect(transactions.items('Refused')).toEqual([{ Id: { S: 'invalid' } }, { Id: { S: 'large' } }]);
  });

  it.each([
    ['a key that no table takes', ['']],
    ['more keys than a transaction takes', keys(100)],
  ])('takes it for no other record of its batch that its content names alike: %s', async (_, names) => {
    const refused: CommitRecord = { ...record('order', ...names), onRefused: () => put('event-1') };
    const { transactions, deliver } = commit([
      { ...refused, refusedId: 'event-1' },
      { ...record('order', 'k'), refusedId: 'event-2' },
    ]);
    expect(await deliver()).toMatchObject({ applied: ['event-1', 'order'], refused: ['event-1'] });
    expect(transactions.items('Sums')).toEqual([{ Key: { S: 'k' }, Value: { N: '1' } }]);
  });

  it.each([
    ['record 1: an aggregate key must be', record('x', '')],
    ['more aggregate keys than a transaction can hold', record('x', ...keys(100))],
  ])('fails where it does not say what: %s', async (message, refused) => {
    await expect(commit([record('a', 'k'), refused]).deliver()).rejects.toThrow(message);
  });

  it.each([
    ['record 1: an aggregate key must be', record('x', '')],
    ['more aggregate keys than a transaction can hold', record('x', ...keys(100))],
  ])('does not ask again for what is to be committed in its place: %s', async (message, refused) => {
    const again: CommitRecord = { ...refused, onRefused: () => ({ contribution: refused.contribution }) };
    await expect(commit([record('a', 'k'), again]).deliver()).rejects.toThrow(message);
  });

  const place = { table: 'Orders', key: { Id: { S: 'o' } } } as const;
  const text = { S: 'x'.repeat(400 * 1_024) };
  it.each<[string, RecordRefusal['code'], Partial<CommitRecord>]>([
    ['a key', 'invalid-key', { writes: [{ type: 'put', ...place, key: { Id: { S: '' } }, attributes: {} }] }],
    [
      'a number',
      'invalid-value',
      { writes: [{ type: 'put', ...place, attributes: { Amount: { N: '1e400' } } }] },
    ],
    [
      'a text with a lone surrogate',
      'invalid-value',
      { writes: [{ type: 'put', ...place, attributes: { Text: { S: '\ud800' } } }] },
    ],
    [
      'what it adds',
      'invalid-value',
      { writes: [{ type: 'update', ...place, add: { Sum: '1'.repeat(39) } }] },
    ],
    [
      'what it compares with',
      'invalid-value',
      {
        writes: [
          {
            type: 'update',
            ...place,
            set: { Raw: { B: new Uint8Array(1) } },
            condition: { any: [{ attribute: 'Version', is: '<', value: { N: '1e-200' } }] },
          },
        ],
      },
    ],
    ['its size', 'record-too-large', { writes: [{ type: 'put', ...place, attributes: { Text: text } }] }],
    [
      'a preparatory write',
      'record-too-large',
      { preparatoryWrites: [{ type: 'put', ...place, attributes: { Text: text } }] },
    ],
    [
      'two contents of one item',
      'contradicting-writes',
      {
        writes: [
          { type: 'put', ...place, attributes: { Pieces: { N: '1' } } },
          { type: 'put', ...place, attributes: { Pieces: { N: '2' } } },
        ],
      },
    ],
  ])(
    'asks what to commit instead where writes have what DynamoDB does not take: %s',
    async (_, code, writing) => {
      const codes: string[] = [];
      const onRefused = (refusal: RecordRefusal) => {
        codes.push(refusal.code);
        return put('x');
      };
      const { transactions, deliver } = commit([
        record('a', 'k'),
        { ...record('x', 'k'), ...writing, onRefused },
      ]);
      expect(await deliver()).toMatchObject({ applied: ['a', 'x'], refused: ['x'] });
      expect(codes).toEqual([code]);
      expect(transactions.items('Sums')).toEqual([{ Key: { S: 'k' }, Value: { N: '1' } }]);
    },
  );

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a misspelt member', { type: 'put', ...place, attributes: { Text: text }, condtion: {} }],
    ['a plain value', { type: 'put', ...place, attributes: { Amount: 1 } }],
    ['an addition that is no object', { type: 'update', ...place, add: '1e400' }],
  ])('fails where a write is %s, which no content makes', async (_, write) => {
    const writing = { ...record('x', 'k'), writes: [write] as never, onRefused: () => put('x') };
    await expect(commit([writing]).deliver()).rejects.toMatchObject({ code: 'write-refused' });
  });

  it('fails where the program is wrong, and not the content', async () => {
    const misused: CommitRecord = {
      id: 'x',
      contribution: new Map([['k', { pieces: parseDecimal('1') }]]),
      onRefused: () => put('x'),
    };
    await expect(commit([misused]).deliver()).rejects.toThrow('record 0: the value must be one decimal');
  });

  it.each<[string, unknown, string]>([
    ['a map', new Map(), 'is { contribution, writes, preparatoryWrites }'],
    ['a misspelt member', { write: [] }, 'and has no write'],
  ])('refuses %s in place of a record', async (_, instead, message) => {
    const refused = { ...record('a', ''), onRefused: () => instead as Replacement };
    await expect(commit([refused]).deliver()).rejects.toThrow(message);
  });

  it('fails at a condition of a write that adds nothing, with or without an item', async () => {
    const condition = { attribute: 'Open', is: 'present' } as const;
    const writing: CommitRecord = {
      ...record('a', 'k'),
      writes: [
        { type: 'update', table: 'Orders', key: { Id: { S: 'o' } }, set: { Done: { S: 'yes' } }, condition },
      ],
    };
    const { transactions, deliver } = commit([writing]);
    const failing = {
      code: 'write-refused',
      recordIndex: 0,
      message: 'the condition of a record failed: update on Orders',
    };
    await expect(deliver()).rejects.toMatchObject(failing);
    const closed = { type: 'put', table: 'Orders', key: { Id: { S: 'o' } }, attributes: {} } as const;
    await transactions.transact({ actions: [closed], timeoutMs: 1 });
    await expect(deliver()).rejects.toMatchObject(failing);
  });
});
