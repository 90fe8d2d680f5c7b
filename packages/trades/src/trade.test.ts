import { type Contribution, formatContribution, mergeContributions } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import {
  type ExampleMessage,
  forgedSpotTrade,
  labHierarchy,
  movedSpotTrade,
  repricedSpotTrade,
  spotTrade,
} from './example-trades.ts';
import { createTradeHierarchy } from './hierarchy.ts';
import { parseTrade } from './parse-trade.ts';
import { contributionOfTradeChange, isSamePayload, type Trade } from './trade.ts';

function tradeOf(message: ExampleMessage, hierarchy = labHierarchy): Trade {
  const result = parseTrade(JSON.stringify(message), hierarchy);
  if (result.code === 'invalid') {
    throw new Error(result.reason);
  }
  return result.trade;
}

function change(
  before: ExampleMessage | undefined,
  after: ExampleMessage | undefined,
): Record<string, string> {
  const [old, recent] = [before && tradeOf(before), after && tradeOf(after)];
  return JSON.parse(formatContribution(contributionOfTradeChange(old, recent)));
}

describe('contributionOfTradeChange', () => {
  it('gives a new trade to each node of its path and counts it', () => {
    expect(change(undefined, spotTrade)).toEqual({
      PV: '61502.37',
      'PV:FXSpot': '61502.37',
      'PV:FXSpot:EMEA': '61502.37',
      message_count: '1',
    });
  });

  it('gives the difference of a new value, without a rounding error', () => {
    // In binary floats 61000.02 - 61502.37 is -502.3500000000058.
    expect(change(spotTrade, repricedSpotTrade)).toEqual({
      PV: '-502.35',
      'PV:FXSpot': '-502.35',
      'PV:FXSpot:EMEA': '-502.35',
      message_count: '1',
    });
  });

  it('retracts a moved trade from its old path and adds it to the new one', () => {
    expect(change(spotTrade, movedSpotTrade)).toEqual({
      PV: '0',
      'PV:FXSpot': '-61502.37',
      'PV:FXSpot:EMEA': '-61502.37',
      'PV:FXOptions': '61502.37',
      'PV:FXOptions:APAC': '61502.37',
      message_count: '1',
    });
  });

  it('retracts a removed trade and does not count the removal as a message', () => {
    expect(change(spotTrade, undefined)).toEqual({
      PV: '-61502.37',
      'PV:FXSpot': '-61502.37',
      'PV:FXSpot:EMEA': '-61502.37',
    });
  });

  it('is empty when there was no trade before and none after', () => {
    expect(change(undefined, undefined)).toEqual({});
  });

  it('adds nothing at all for a change that does not change the trade', () => {
    expect(change(spotTrade, spotTrade)).toEqual({});
    expect(change(spotTrade, { ...spotTrade, Timestamp: 1, Value: '61502.3700' })).toEqual({});
  });

  it('counts a newer version with the same payload, and the same version with another payload', () => {
    const untouched = { PV: '0', 'PV:FXSpot': '0', 'PV:FXSpot:EMEA': '0', message_count: '1' };
    expect(change(spotTrade, { ...spotTrade, Version: 1 })).toEqual(untouched);
    expect(change(spotTrade, { ...spotTrade, Value: 61502.38 })).toMatchObject({
      PV: '0.01',
      message_count: '1',
    });
  });

  describe('after RiskType,Region has become RiskType,TradeDesk', () => {
    const byRegion = createTradeHierarchy(['RiskType', 'Region']);
    const byDesk = createTradeHierarchy(['RiskType', 'TradeDesk']);
    const before = tradeOf({ ...spotTrade, Value: 10 }, byRegion);
    const textOf = (changes: readonly Contribution[]): Record<string, string> =>
      JSON.parse(formatContribution(mergeContributions(changes)));

    it('leaves the old node at 0 when a trade of 10 changes to 15', () => {
      const after = tradeOf({ ...spotTrade, Value: 15, Version: 1 }, byDesk);
      const changes = [
        contributionOfTradeChange(undefined, before),
        contributionOfTradeChange(before, after),
      ];
      expect(textOf(changes)).toEqual({
        PV: '15',
        'PV:EMEA': '0',
        'PV:FXSpot': '15',
        message_count: '2',
      });
    });

    it('moves a trade whose dimensions alone change, and counts no message', () => {
      const after = tradeOf({ ...spotTrade, Value: 10 }, byDesk);
      expect(textOf([contributionOfTradeChange(before, after)])).toEqual({
        PV: '0',
        'PV:EMEA': '-10',
        'PV:FXSpot': '10',
      });
    });
  });
});

describe('isSamePayload', () => {
  it('compares value and hierarchy and nothing else', () => {
    const trade = tradeOf(spotTrade);
    expect(isSamePayload(trade, tradeOf({ ...spotTrade, Timestamp: 1, Version: 7 }))).toBe(true);
    expect(isSamePayload(trade, tradeOf({ ...spotTrade, Value: '61502.3700' }))).toBe(true);
    expect(isSamePayload(trade, tradeOf(forgedSpotTrade))).toBe(false);
    expect(isSamePayload(trade, tradeOf(movedSpotTrade))).toBe(false);
    expect(isSamePayload(trade, { ...trade, dimensions: ['RiskType'] })).toBe(true);
  });

  it('sees a dimension that is not rolled up', () => {
    const withBook = (book: string): Trade =>
      tradeOf({ ...spotTrade, Hierarchy: { ...spotTrade.Hierarchy, Book: book } });
    expect(isSamePayload(withBook('A'), withBook('A'))).toBe(true);
    expect(isSamePayload(withBook('A'), withBook('B'))).toBe(false);
    expect(isSamePayload(withBook('A'), tradeOf(spotTrade))).toBe(false);
    expect(isSamePayload(tradeOf(spotTrade), withBook('A'))).toBe(false);
  });
});
