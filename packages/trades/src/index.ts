export type { InvalidTradeReason, TradeResult } from './check-trade.ts';
export { createTradeHierarchy, MESSAGE_COUNT } from './hierarchy.ts';
export {
  addCounts,
  counterNames,
  countOutcomes,
  type Outcome,
  type OutcomeCounts,
  outcomes,
} from './outcomes.ts';
export { parseTrade } from './parse-trade.ts';
export {
  addRepair,
  contributionAfterRepairs,
  contributionToRecount,
  formatRepairs,
  isInScope,
  isRecountKey,
  isWithin,
  nodeOfRecountKey,
  parseRepairs,
  RECOUNT_CONTROL_KEY,
  REPAIRS_MAX,
  type Recount,
  type RecountCounter,
  type RecountedItem,
  type RecountMark,
  type RecountState,
  type Repair,
  recountAttributes,
  recountCounterKey,
  recountKey,
  recountMarkOf,
  recountOfKey,
  recountOfPostId,
  recountPostId,
  repairsSince,
} from './recount.ts';
export { contributionOfTradeChange, isSamePayload, type Trade } from './trade.ts';
export {
  type StateImage,
  stateImageOf,
  tradeFromImage,
  tradeToItem,
} from './trade-item.ts';
