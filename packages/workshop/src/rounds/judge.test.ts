import { type Contribution, formatDecimal, parseContribution, parseSum } from '@oncefold/reducer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeArrear, describeFinding } from './describe-finding.ts';
import { judge, owedBy } from './judge.ts';

const sums = (object: Record<string, string>): Contribution => parseContribution(JSON.stringify(object));
const round = {
  growth: sums({ PV: '30.5', 'PV:FXSpot': '30.5' }),
  applied: { least: 2, most: 3 },
  before: sums({ PV: '1', message_count: '10', other: '7' }),
};

describe('judge', () => {
  it('finds nothing when every row has grown as it had to, however far the sums had come before', () => {
    const after = sums({ PV: '31.5', 'PV:FXSpot': '30.5', message_count: '12', other: '7' });
    expect(judge(round, after)).toEqual({ rows: 4, findings: [], arrears: [] });
  });

  it('says which row lacks how much and which counted twice, to the last digit', () => {
    const after = sums({ PV: '11.000000000001', 'PV:FXSpot': '61', message_count: '14', other: '7' });
    expect(judge(round, after).findings).toEqual([
      {
        key: 'PV',
        expected: '30.5',
        actual: '10.000000000001',
        difference: '-20.499999999999',
        cause: 'missing',
      },
      { key: 'PV:FXSpot', expected: '30.5', actual: '61', difference: '30.5', cause: 'duplicated' },
      { key: 'message_count', expected: '3', actual: '4', difference: '1', cause: 'duplicated' },
    ]);
  });

  it('finds a row that grew although no message is about it, and one that is missing', () => {
    const after = sums({ PV: '31.5', message_count: '11', other: '6' });
    expect(judge(round, after).findings.map(({ key, cause }) => [key, cause])).toEqual([
      ['PV:FXSpot', 'missing'],
      ['message_count', 'missing'],
      ['other', 'unexpected'],
    ]);
  });

  it('finds nothing where every growth is right, and names exactly the row where it is not', () => {
    const amount = fc.bigInt({ min: 1n, max: 10n ** 17n }).map(String);
    const rows = fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), fc.tuple(amount, amount), {
      minKeys: 1,
    });
    fc.assert(
      fc.property(rows, amount, (values, error) => {
        const entries = Object.entries(values).filter(([key]) => key !== 'message_count');
        fc.pre(entries.length > 0);
        const before = new Map(entries.map(([key, [text]]) => [key, parseSum(text)]));
        const growth = new Map(entries.map(([key, [, text]]) => [key, parseSum(text)]));
        const after = new Map(
          entries.map(([key, [one, other]]) => [key, parseSum(String(BigInt(one) + BigInt(other)))]),
        );
        const truth = { growth, before, applied: { least: 0, most: 0 } };
        expect(judge(truth, after).findings).toEqual([]);
        const [wrong = ''] = after.keys();
        const spoilt = parseSum(
          String(BigInt(formatDecimal(after.get(wrong) ?? parseSum('0'))) + BigInt(error)),
        );
        expect(judge(truth, new Map([...after, [wrong, spoilt]])).findings).toMatchObject([
          { key: wrong, difference: error, cause: 'duplicated' },
        ]);
      }),
    );
  });
});

describe('owedBy', () => {
  it('says what each row lacked when the next round began, and of the count at most what may come', () => {
    const before = sums({ PV: '11', 'PV:FXSpot': '61', message_count: '11', other: '8' });
    expect(owedBy(round, { before })).toEqual(sums({ PV: '20.5', message_count: '2' }));
  });

  it('leaves what came of it out of the growth, and no more than that', () => {
    const owed = sums({ PV: '20.5', message_count: '2' });
    const after = sums({ PV: '32', 'PV:FXSpot': '30.5', message_count: '14', other: '7' });
    expect(judge(round, after, owed)).toEqual({
      rows: 4,
      findings: [],
      arrears: [
        { key: 'PV', owed: '20.5', arrived: '0.5' },
        { key: 'message_count', owed: '2', arrived: '1' },
      ],
    });
    const more = sums({ PV: '52.1', 'PV:FXSpot': '30.5', message_count: '12', other: '7' });
    expect(judge(round, more, owed)).toMatchObject({
      findings: [{ key: 'PV', difference: '20.6', cause: 'duplicated' }],
      arrears: [],
    });
  });
});

describe('describeFinding', () => {
  it.each([
    ['late', '20.5 came too late'],
    ['missing', '20.5 not there yet: late or lost'],
    ['lost', '20.5 too little: lost'],
  ] as const)('says in one line what is wrong: %s', (cause, told) => {
    const finding = { key: 'PV', expected: '30.5', actual: '10', difference: '-20.5', cause };
    expect(describeFinding(finding)).toBe(`PV: grew by 10 instead of 30.5; ${told}`);
  });
});

describe('describeArrear', () => {
  it('says what came of it, and what is lost', () => {
    expect(describeArrear({ key: 'PV', owed: '20.5', arrived: '20.5' })).toBe(
      'PV: 20.5 of the round before came late',
    );
    expect(describeArrear({ key: 'PV', owed: '20.5', arrived: '0' })).toBe(
      'PV: of 20.5 of the round before 0 came late; the rest has not come for a whole round: lost',
    );
  });
});
