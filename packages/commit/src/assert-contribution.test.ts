import { parseDecimal } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import { assertContribution } from './assert-contribution.ts';
import { commitBatch } from './commit-batch.ts';
import { incrementEach } from './effect.ts';
import { createMemoryTransactions } from './memory/index.ts';
import { none } from './strategies/none.ts';

const one = parseDecimal('1');

describe('assertContribution', () => {
  it('takes decimals and measures under any text', () => {
    expect(() =>
      assertContribution(
        new Map<string, unknown>([
          ['', one],
          ['__proto__', { orders: one }],
        ]),
        0,
      ),
    ).not.toThrow();
  });

  it.each<[unknown, string, string | undefined]>([
    [undefined, 'record 3: contribution must be a Map .*, not undefined', undefined],
    [Object.create(null), 'record 3: contribution must be a Map .*, not an object \\(without', undefined],
    [new Map([[7, one]]), 'record 3: an aggregate key must be text, not a number', undefined],
    [new Map([['a', null]]), 'record 3: the value under a key must be .*, not null', 'a'],
    [new Map([['a', [one]]]), 'record 3: the value under a key must be .*, not an object \\(Array', 'a'],
    [new Map([['a', { n: 1 }]]), 'record 3, measure "n": the value must be .*, not a number', 'a'],
  ])('refuses %j, and says where it is and what came', (contribution, message, key) => {
    let error: unknown;
    try {
      assertContribution(contribution, 3);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      code: 'strategy-unusable',
      recordIndex: 3,
      key,
      message: expect.stringMatching(message),
    });
  });

  it('is asked for every record of a batch before anything is sent', async () => {
    const transactions = createMemoryTransactions({ now: () => 0 });
    const effect = incrementEach({ table: 'Sums', key: 'Key', attribute: 'Value' });
    const records = [
      { id: 'a', contribution: new Map([['k', one]]) },
      { id: 'b', contribution: new Map([['k', 1]]) as never },
    ];
    await expect(
      commitBatch(
        { records, source: 's' },
        { transactions, strategy: none(), effect, remainingMs: () => 30_000 },
      ),
    ).rejects.toThrow('record 1: the value under a key');
    expect(transactions.items('Sums')).toEqual([]);
  });
});
