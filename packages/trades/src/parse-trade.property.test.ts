/**
 * Goal: whatever arrives, a trade is read exactly or refused, and what is refused leaves every sum as it was.
 * Method: generated messages, JSON and text; sums over the accepted messages alone are the reference.
 */
import { type Contribution, type Decimal, formatDecimal, mergeContributions } from '@oncefold/reducer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labHierarchy } from './example-trades.ts';
import { parseTrade } from './parse-trade.ts';
import { contributionOfTradeChange, type Trade } from './trade.ts';
import { tradeFromImage, tradeToItem } from './trade-item.ts';

const UNITS_MAX = 10n ** 30n - 1n;
const decimal = fc.bigInt({ min: -UNITS_MAX, max: UNITS_MAX }).map((units) => units as Decimal);

describe('parseTrade', () => {
  const hierarchy = labHierarchy;
  const segment = fc.oneof(fc.constantFrom('__proto__', "Trader's", '{}'), fc.string({ unit: 'grapheme' }));
  const message = fc.record({
    TradeID: fc.string({ unit: 'grapheme', maxLength: 40 }),
    Version: fc.oneof(fc.nat(), fc.double()),
    Value: fc.oneof(decimal.map(formatDecimal), fc.double()),
    Hierarchy: fc.record({ RiskType: segment, TradeDesk: segment, Region: segment }),
    Timestamp: fc.nat(),
  });

  it('reads any trade so that it comes back from its row unchanged', () => {
    fc.assert(
      fc.property(message, (fields) => {
        const result = parseTrade(JSON.stringify(fields), hierarchy);
        if (result.code === 'valid') {
          expect(tradeFromImage(tradeToItem(result.trade), hierarchy)).toEqual(result);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('answers any JSON and any text at all without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (text) => {
        expect(['valid', 'invalid']).toContain(parseTrade(text, hierarchy).code);
      }),
    );
  });

  it('leaves every sum as it was for what it refuses', () => {
    const inputs = fc.array(
      fc.oneof(
        message.map((fields) => JSON.stringify(fields)),
        fc.json(),
      ),
      { maxLength: 20 },
    );
    const sumOf = (texts: readonly string[]): Contribution => {
      const trades: Trade[] = texts.flatMap((text) => {
        const result = parseTrade(text, hierarchy);
        return result.code === 'valid' ? [result.trade] : [];
      });
      return mergeContributions(trades.map((trade) => contributionOfTradeChange(undefined, trade)));
    };
    fc.assert(
      fc.property(inputs, (texts) => {
        const accepted = texts.filter((text) => parseTrade(text, hierarchy).code === 'valid');
        expect([...sumOf(texts)]).toEqual([...sumOf(accepted)]);
      }),
    );
  });
});
