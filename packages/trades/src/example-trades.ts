import type { Hierarchy } from '@oncefold/reducer';
import { createTradeHierarchy } from './hierarchy.ts';

/** The levels of the public lab. */
export const labHierarchy: Hierarchy = createTradeHierarchy(['RiskType', 'TradeDesk', 'Region']);

/** Fields of a message as a producer would give them to a JSON library. */
export interface ExampleMessage {
  readonly TradeID: string;
  readonly Version: number;
  readonly Value: number | string;
  readonly Hierarchy: Readonly<Record<string, string>>;
  readonly Timestamp: number;
}

/** A new trade: spot desk in London. */
export const spotTrade: ExampleMessage = {
  TradeID: '5f0c2f5e-6f0e-4a53-8f43-3f1f0d1f7f0a',
  Version: 0,
  Value: 61502.37,
  Hierarchy: { RiskType: 'PV', Region: 'EMEA', TradeDesk: 'FXSpot' },
  Timestamp: 1763884800.123456,
};

/** The same trade an hour later: worth less, same place. */
export const repricedSpotTrade: ExampleMessage = {
  ...spotTrade,
  Version: 1,
  Value: 61000.02,
  Timestamp: 1763888400.5,
};

/** The same trade, handed over to the options desk in Singapore. */
export const movedSpotTrade: ExampleMessage = {
  ...spotTrade,
  Version: 1,
  Hierarchy: { RiskType: 'PV', Region: 'APAC', TradeDesk: 'FXOptions' },
};

/** Version 0 once more, with another value: stale or a conflict, never a sum. */
export const forgedSpotTrade: ExampleMessage = { ...spotTrade, Value: 1 };
