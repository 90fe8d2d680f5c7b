import { parseSum } from '@oncefold/reducer';
import { contributionOfTradeChange, type Trade } from '@oncefold/trades';
import { describe, expect, it } from 'vitest';
import { createCandidateFinder } from './candidates.ts';

function tradeOf(tradeId: string, value: string): Trade {
  return {
    tradeId,
    version: 0,
    value: parseSum(value),
    hierarchy: new Map([
      ['RiskType', 'PV'],
      ['Region', 'EMEA'],
    ]),
    dimensions: ['RiskType', 'Region'],
    nodes: ['PV', 'PV:EMEA'],
    timestamp: '0',
  };
}

function candidatesOf(differences: Readonly<Record<string, string>>, trades: readonly Trade[]) {
  const byKey = Object.entries(differences).map(([key, difference]) => [key, parseSum(difference)] as const);
  const finder = createCandidateFinder(new Map(byKey));
  for (const trade of trades) {
    finder.look(trade, contributionOfTradeChange(undefined, trade));
  }
  return finder.candidates();
}

describe('createCandidateFinder', () => {
  it('names a trade whose insert was lost, or counted twice', () => {
    const trades = [tradeOf('a', '5'), tradeOf('b', '7')];
    expect(candidatesOf({ PV: '-5', 'PV:EMEA': '-5' }, trades)).toMatchObject([
      { tradeId: 'a', suspicion: 'lost', keys: ['PV', 'PV:EMEA'], isWhole: true },
    ]);
    expect(candidatesOf({ PV: '7' }, trades)).toMatchObject([
      { tradeId: 'b', suspicion: 'counted twice', keys: ['PV'], isWhole: false },
    ]);
  });

  it('keeps no more than 20 for a sum, and does not let partial ones keep out a whole one', () => {
    const many = Array.from({ length: 100 }, (_, index) => tradeOf(`p${index}`, '5'));
    expect(candidatesOf({ PV: '5' }, many)).toHaveLength(20);
    const whole = candidatesOf({ PV: '-5', 'PV:EMEA': '-5' }, many);
    expect(whole).toHaveLength(20);
    expect(whole.every(({ isWhole }) => isWhole)).toBe(true);
  });

  it('does not name trades that are worth nothing', () => {
    expect(candidatesOf({ PV: '0' }, [tradeOf('a', '0')])).toEqual([]);
  });
});
