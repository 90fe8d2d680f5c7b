import { createHierarchy } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import { labHierarchy, spotTrade } from './example-trades.ts';
import { createTradeHierarchy } from './hierarchy.ts';
import { parseTrade } from './parse-trade.ts';
import type { Trade } from './trade.ts';
import { isTradeBySomeDimensions, stateImageOf, tradeFromImage, tradeToItem } from './trade-item.ts';

function tradeOf(message: unknown): Trade {
  const result = parseTrade(JSON.stringify(message), labHierarchy);
  if (result.code === 'invalid') {
    throw new Error(result.reason);
  }
  return result.trade;
}

const item = tradeToItem(tradeOf(spotTrade));

describe('tradeToItem', () => {
  it('writes the attributes of the data contract, the keys of the hierarchy sorted', () => {
    expect(item).toEqual({
      id: spotTrade.TradeID,
      Version: '0',
      Value: '61502.37',
      Hierarchy: '{"Region":"EMEA","RiskType":"PV","TradeDesk":"FXSpot"}',
      Timestamp: '1763884800.123456',
      Dimensions: '["RiskType","TradeDesk","Region"]',
    });
  });

  it('sorts names that an object would reorder or take for its prototype', () => {
    const hierarchy = JSON.parse(
      '{"b":"1","10":"2","9":"3","__proto__":"4","RiskType":"PV","TradeDesk":"A","Region":"B"}',
    );
    expect(tradeToItem(tradeOf({ ...spotTrade, Hierarchy: hierarchy })).Hierarchy).toBe(
      '{"10":"2","9":"3","Region":"B","RiskType":"PV","TradeDesk":"A","__proto__":"4","b":"1"}',
    );
  });
});

describe('tradeFromImage', () => {
  it('reads back what tradeToItem wrote', () => {
    expect(tradeFromImage(item, labHierarchy)).toEqual({ code: 'valid', trade: tradeOf(spotTrade) });
  });

  it('reads a hierarchy with spaces, as Python writes it', () => {
    const image = { ...item, Hierarchy: '{"Region": "EMEA", "RiskType": "PV", "TradeDesk": "FXSpot"}' };
    expect(tradeFromImage(image, labHierarchy)).toEqual(tradeFromImage(item, labHierarchy));
  });

  it.each([
    [{ id: undefined }, 'missing-field', 'TradeID'],
    [{ Value: undefined }, 'missing-field', 'Value'],
    [{ Version: '-1' }, 'out-of-range', 'Version'],
    [{ Hierarchy: 'PV' }, 'broken-json', 'Hierarchy'],
    [{ Hierarchy: '{"RiskType":"PV"}' }, 'missing-field', 'Hierarchy.TradeDesk'],
  ])('refuses a row with %j', (change, reason, field) => {
    expect(tradeFromImage({ ...item, ...change }, labHierarchy)).toEqual({ code: 'invalid', reason, field });
  });

  describe('where the row records its dimensions', () => {
    const byShelf = createTradeHierarchy(['Shelf']);

    it('reads the trade by these, whatever the hierarchy is now', () => {
      expect(tradeFromImage(item, byShelf)).toEqual({ code: 'valid', trade: tradeOf(spotTrade) });
      const spaced = { ...item, Dimensions: '["RiskType", "TradeDesk", "Region"]' };
      expect(tradeFromImage(spaced, byShelf)).toEqual(tradeFromImage(item, byShelf));
    });

    it('reads it by the given hierarchy where the row records none', () => {
      const { Dimensions: _, ...unrecorded } = item;
      const byRegion = createTradeHierarchy(['RiskType', 'Region']);
      expect(tradeFromImage(unrecorded, byRegion)).toMatchObject({
        code: 'valid',
        trade: { dimensions: ['RiskType', 'Region'] },
      });
    });

    it.each([
      ['no JSON', 'RiskType,Region'],
      ['no text', ''],
      ['no list', '{"0":"RiskType"}'],
      ['a number in it', '["RiskType",1]'],
      ['no name', '[]'],
      ['an empty name', '["RiskType",""]'],
      ['a name twice', '["RiskType","RiskType"]'],
      ['a name that is too long', JSON.stringify(['d'.repeat(256)])],
      ['a lone surrogate', '["\\ud800"]'],
      ['17 names', JSON.stringify(Array.from({ length: 17 }, (_, index) => `d${index}`))],
      ['text without end', JSON.stringify(Array.from({ length: 200_000 }, String))],
      ['nesting without end', '['.repeat(400_000)],
    ])('refuses dimensions with %s', (_what, dimensions) => {
      expect(tradeFromImage({ ...item, Dimensions: dimensions }, labHierarchy)).toEqual({
        code: 'invalid',
        reason: 'invalid-dimensions',
        field: 'Dimensions',
      });
    });

    it('does not repeat the name of a dimension that only the row knows', () => {
      const refused = { code: 'invalid', reason: 'missing-field', field: 'Hierarchy' };
      expect(tradeFromImage({ ...item, Dimensions: '["secret"]' }, labHierarchy)).toEqual(refused);
    });

    it('forgets no list that is in use, however many others there are', () => {
      for (let index = 0; index < 1_000; index += 1) {
        tradeFromImage({ ...item, Dimensions: `["d${index}"]` }, labHierarchy);
        expect(tradeFromImage(item, byShelf).code).toBe('valid');
      }
    });
  });

  it('takes no hierarchy in which a node could be called message_count', () => {
    const open = createHierarchy({ dimensions: ['RiskType'] });
    expect(() => tradeFromImage(item, open)).toThrow('message_count');
    expect(() => parseTrade(JSON.stringify(spotTrade), open)).toThrow('message_count');
  });
});

describe('stateImageOf', () => {
  const attributes = {
    id: { S: item.id },
    Version: { N: item.Version },
    Value: { N: item.Value },
    Hierarchy: { S: item.Hierarchy },
    Timestamp: { N: item.Timestamp },
    Dimensions: { S: item.Dimensions },
    RecordId: { S: 'shardId-000000000000:1' },
  };

  it('takes the attributes of the contract out of an item', () => {
    expect(stateImageOf(attributes)).toEqual(item);
  });

  it('takes an attribute of another type for absent', () => {
    expect(stateImageOf({ ...attributes, Value: { S: '1' } }).Value).toBeUndefined();
    expect(stateImageOf({ ...attributes, id: { N: '1' } }).id).toBeUndefined();
  });

  it('does not take dimensions of another type for absent, because a setting would replace them', () => {
    for (const Dimensions of [{ N: '1' }, { SS: ['RiskType'] }, { NULL: true }]) {
      const image = stateImageOf({ ...attributes, Dimensions });
      expect(tradeFromImage(image, labHierarchy)).toMatchObject({ field: 'Dimensions' });
    }
    const { Dimensions: _, ...unrecorded } = attributes;
    expect(stateImageOf(unrecorded).Dimensions).toBeUndefined();
  });
});

describe('isTradeBySomeDimensions', () => {
  const unrecorded = { ...item, Dimensions: undefined };

  it.each([
    '{"RiskType":"PV"}',
    '{"RiskType":"a:b","Region":"EMEA"}',
    '{"message_count":"x","other":"message_count"}',
  ])('is true for the hierarchy %s', (Hierarchy) => {
    expect(isTradeBySomeDimensions({ ...unrecorded, Hierarchy })).toBe(true);
  });

  it.each([
    {},
    { Dimensions: undefined, Value: 'much' },
    { Dimensions: undefined, Hierarchy: undefined },
    { Dimensions: undefined, Hierarchy: '[]' },
    { Dimensions: undefined, Hierarchy: '{"RiskType":"a:b"}' },
    { Dimensions: undefined, Hierarchy: '{"RiskType":"PV","Region":7}' },
    {
      Dimensions: undefined,
      Hierarchy: JSON.stringify(Object.fromEntries(Array.from({ length: 65 }, (_, name) => [name, 'x']))),
    },
  ])('is false for an item that records them, or is a trade by none: %j', (change) => {
    expect(isTradeBySomeDimensions({ ...item, ...change })).toBe(false);
  });
});
