import { describe, expect, test } from 'vitest';
import { labHierarchy, spotTrade } from './example-trades.ts';
import { parseTrade } from './parse-trade.ts';
import type { Trade } from './trade.ts';
import { tradeFromImage, tradeToItem } from './trade-item.ts';

function tradeOf(message: unknown): Trade {
  const result = parseTrade(JSON.stringify(message), labHierarchy);
  if (result.code === 'invalid') {
    throw new Error(result.reason);
  }
  return result.trade;
}

const item = tradeToItem(tradeOf(spotTrade));

describe('tradeToItem', () => {
  test('writes the attributes of the data contract, the keys of the hierarchy sorted', () => {
    expect(item).toEqual({
      id: spotTrade.TradeID,
      Version: '0',
      Value: '61502.37',
      Hierarchy: '{"Region":"EMEA","RiskType":"PV","TradeDesk":"FXSpot"}',
      Timestamp: '1763884800.123456',
    });
  });

  test('sorts names that an object would reorder or take for its prototype', () => {
    const hierarchy = JSON.parse(
      '{"b":"1","10":"2","9":"3","__proto__":"4","RiskType":"PV","TradeDesk":"A","Region":"B"}',
    );
    expect(tradeToItem(tradeOf({ ...spotTrade, Hierarchy: hierarchy })).Hierarchy).toBe(
      '{"10":"2","9":"3","Region":"B","RiskType":"PV","TradeDesk":"A","__proto__":"4","b":"1"}',
    );
  });
});

describe('tradeFromImage', () => {
  test('reads back what tradeToItem wrote', () => {
    expect(tradeFromImage(item, labHierarchy)).toEqual({ code: 'valid', trade: tradeOf(spotTrade) });
  });

  test('reads a hierarchy with spaces, as Python writes it', () => {
    const image = { ...item, Hierarchy: '{"Region": "EMEA", "RiskType": "PV", "TradeDesk": "FXSpot"}' };
    expect(tradeFromImage(image, labHierarchy)).toEqual(tradeFromImage(item, labHierarchy));
  });

  test.each([
    [{ id: undefined }, 'missing-field', 'TradeID'],
    [{ Value: undefined }, 'missing-field', 'Value'],
    [{ Version: '-1' }, 'out-of-range', 'Version'],
    [{ Hierarchy: 'PV' }, 'broken-json', 'Hierarchy'],
    [{ Hierarchy: '{"RiskType":"PV"}' }, 'missing-field', 'Hierarchy.TradeDesk'],
  ])('refuses a row with %j', (change, reason, field) => {
    expect(tradeFromImage({ ...item, ...change }, labHierarchy)).toEqual({ code: 'invalid', reason, field });
  });
});
