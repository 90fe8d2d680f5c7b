export type { InvalidTradeReason, TradeResult } from './check-trade.ts';
export { createTradeHierarchy, MESSAGE_COUNT } from './hierarchy.ts';
export { parseTrade } from './parse-trade.ts';
export { contributionOfTradeChange, isSamePayload, type Trade } from './trade.ts';
export {
  type PartialStateImage,
  type StateImage,
  stateImageOf,
  tradeFromImage,
  tradeToItem,
} from './trade-item.ts';
