import { parseSum } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import type { Accounting } from '../read-accounting.ts';
import type { Judgement } from './judge.ts';
import { mayBeMiscounted, recount } from './recount.ts';

const accounting: Accounting = { applied: 6, duplicate: 2, stale: 2, conflict: 0, quarantined: 0 };

function judgement(differences: Readonly<Record<string, string>>, closes = true): Judgement {
  const sums = Object.entries(differences).map(([key, difference]) => ({
    key,
    expected: parseSum('1'),
    actual: parseSum('1'),
    difference: parseSum(difference),
  }));
  return { sums, closes, isExact: false, impossibleOutcomes: [] };
}

describe('mayBeMiscounted', () => {
  it('suspects the account when the count alone is too high, by no more than there are stale records', () => {
    expect(mayBeMiscounted(judgement({ PV: '0', message_count: '2' }), accounting)).toBe(true);
  });

  it.each([
    ['a node is wrong too', { PV: '0.01', message_count: '1' }, true],
    ['only a node is wrong', { PV: '0.01', message_count: '0' }, true],
    ['the count is too low', { PV: '0', message_count: '-1' }, true],
    ['the count is higher than stale records explain', { PV: '0', message_count: '3' }, true],
    ['nothing is wrong', { PV: '0', message_count: '0' }, true],
    ['the account does not close', { PV: '0', message_count: '1' }, false],
  ])('does not excuse it when %s', (_, differences, closes) => {
    expect(mayBeMiscounted(judgement(differences, closes), accounting)).toBe(false);
  });
});

describe('recount', () => {
  it('moves from stale to applied what the stream shows as applied, and keeps the sum', () => {
    expect(recount(accounting, 7)).toEqual({ ...accounting, applied: 7, stale: 1 });
  });

  it('leaves an account as it is that the changes do not explain', () => {
    for (const changes of [5, 6, 9]) expect(recount(accounting, changes)).toBe(accounting);
  });
});
