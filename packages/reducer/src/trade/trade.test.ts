import { describe, expect, test } from 'vitest';
import { createHierarchy, formatContribution, parseTrade } from '../index.ts';
import {
  type ExampleMessage,
  forgedSpotTrade,
  labHierarchy,
  movedSpotTrade,
  repricedSpotTrade,
  spotTrade,
} from './example-trades.ts';
import { contributionOfTradeChange, isSamePayload, type Trade } from './trade.ts';

function tradeOf(message: ExampleMessage): Trade {
  const result = parseTrade(JSON.stringify(message), labHierarchy);
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
  return JSON.parse(formatContribution(contributionOfTradeChange(old, recent, labHierarchy)));
}

describe('contributionOfTradeChange', () => {
  test('gives a new trade to each node of its path and counts it', () => {
    expect(change(undefined, spotTrade)).toEqual({
      PV: '61502.37',
      'PV:FXSpot': '61502.37',
      'PV:FXSpot:EMEA': '61502.37',
      message_count: '1',
    });
  });

  test('gives the difference of a new value, without a rounding error', () => {
    // In binary floats 61000.02 - 61502.37 is -502.3500000000058.
    expect(change(spotTrade, repricedSpotTrade)).toEqual({
      PV: '-502.35',
      'PV:FXSpot': '-502.35',
      'PV:FXSpot:EMEA': '-502.35',
      message_count: '1',
    });
  });

  test('takes a moved trade out of its old path and into the new one', () => {
    expect(change(spotTrade, movedSpotTrade)).toEqual({
      PV: '0',
      'PV:FXSpot': '-61502.37',
      'PV:FXSpot:EMEA': '-61502.37',
      'PV:FXOptions': '61502.37',
      'PV:FXOptions:APAC': '61502.37',
      message_count: '1',
    });
  });

  test('takes a removed trade back and does not count the removal as a message', () => {
    expect(change(spotTrade, undefined)).toEqual({
      PV: '-61502.37',
      'PV:FXSpot': '-61502.37',
      'PV:FXSpot:EMEA': '-61502.37',
    });
  });

  test('is empty when there was no trade before and none after', () => {
    expect(change(undefined, undefined)).toEqual({});
  });

  test('refuses a hierarchy in which a node could be called message_count', () => {
    const open = createHierarchy({ dimensions: ['RiskType'], reserved: [] });
    expect(() => contributionOfTradeChange(undefined, tradeOf(spotTrade), open)).toThrow('message_count');
  });

  test('refuses a trade that was parsed for other dimensions', () => {
    const other = createHierarchy({ dimensions: ['Shelf'] });
    expect(() => contributionOfTradeChange(undefined, tradeOf(spotTrade), other)).toThrow('Shelf');
  });
});

describe('isSamePayload', () => {
  test('compares value and hierarchy and nothing else', () => {
    const trade = tradeOf(spotTrade);
    expect(isSamePayload(trade, tradeOf({ ...spotTrade, Timestamp: 1, Version: 7 }))).toBe(true);
    expect(isSamePayload(trade, tradeOf({ ...spotTrade, Value: '61502.3700' }))).toBe(true);
    expect(isSamePayload(trade, tradeOf(forgedSpotTrade))).toBe(false);
    expect(isSamePayload(trade, tradeOf(movedSpotTrade))).toBe(false);
  });

  test('sees a dimension that is not rolled up', () => {
    const withBook = (book: string): Trade =>
      tradeOf({ ...spotTrade, Hierarchy: { ...spotTrade.Hierarchy, Book: book } });
    expect(isSamePayload(withBook('A'), withBook('A'))).toBe(true);
    expect(isSamePayload(withBook('A'), withBook('B'))).toBe(false);
    expect(isSamePayload(withBook('A'), tradeOf(spotTrade))).toBe(false);
    expect(isSamePayload(tradeOf(spotTrade), withBook('A'))).toBe(false);
  });
});
