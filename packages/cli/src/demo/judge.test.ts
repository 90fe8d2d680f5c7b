import { type Decimal, parseSum } from '@oncefold/reducer';
import type { OutcomeCounts } from '@oncefold/trades';
import type { Truth } from '@oncefold/workshop';
import { describe, expect, it } from 'vitest';
import { judge, verdictOf } from './judge.ts';

const truth: Truth = {
  nodes: new Map([['PV', '10.25']]),
  trades: new Map(),
  sent: 10,
  invalidByReason: new Map([['broken-json', 1]]),
  invalid: 1,
  applied: { least: 5, most: 6 },
  conflict: { least: 0, most: 1 },
};
const accounting: OutcomeCounts = { applied: 6, duplicate: 2, stale: 1, conflict: 0, quarantined: 1 };

function sums(values: Readonly<Record<string, string>>): ReadonlyMap<string, Decimal> {
  return new Map(Object.entries(values).map(([key, text]) => [key, parseSum(text)]));
}

const right = sums({ PV: '10.25', message_count: '6' });

describe('judge', () => {
  it('finds exact what is exact, the count of messages included', () => {
    const judgement = judge({ truth, actual: right, accounting });
    expect(judgement).toMatchObject({ isExact: true, closes: true, impossibleOutcomes: [] });
    expect(verdictOf(judgement, true)).toBe('exact');
    expect(judgement.sums.map((sum) => sum.key)).toEqual(['PV', 'message_count']);
  });

  it.each([
    ['a sum', { PV: '10.250000000001', message_count: '6' }],
    ['a missing sum', { message_count: '6' }],
    ['the count of messages', { PV: '10.25', message_count: '7' }],
    ['a row that nobody sent', { PV: '10.25', message_count: '6', Forged: '1' }],
  ])('finds %s that is not right', (_, values) => {
    expect(verdictOf(judge({ truth, actual: sums(values), accounting }), true)).toBe('wrong');
  });

  it('does not call finished what is in flight or not accounted for', () => {
    expect(verdictOf(judge({ truth, actual: right, accounting }), false)).toBe('not finished');
    const lost = { ...accounting, duplicate: 1 };
    expect(verdictOf(judge({ truth, actual: right, accounting: lost }), true)).toBe('not finished');
  });

  it('finds an account that adds up and cannot be true', () => {
    const swapped = { ...accounting, stale: 2, quarantined: 0 };
    const judgement = judge({ truth, actual: right, accounting: swapped });
    expect(judgement).toMatchObject({ isExact: true, closes: true });
    expect(judgement.impossibleOutcomes).toEqual(['0 quarantined, where 1 are possible']);
    expect(verdictOf(judgement, true)).toBe('wrong');
  });
});
