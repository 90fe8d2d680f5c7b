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
  hasRecountKey,
  isInScope,
  isRecountKey,
  isRepairRowId,
  isRowBefore,
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
  type RunningRecount,
  recountAttributes,
  recountCounterKey,
  recountKey,
  recountMarkOf,
  recountOfKey,
  recountOfPost,
  recountPostId,
  repairRowId,
  repairsSince,
  rowAfterRepairs,
} from './recount.ts';
export { contributionOfTradeChange, isSamePayload, type Trade } from './trade.ts';
export {
  createImageReader,
  isTradeBySomeDimensions,
  type ReadImage,
  type StateImage,
  stateImageOf,
  tradeFromImage,
  tradeToItem,
} from './trade-item.ts';
