export {
  type Contribution,
  ContributionError,
  type ContributionErrorCode,
  formatContribution,
  mergeContributions,
  parseContribution,
} from './contribution.ts';
export {
  addDecimals,
  type Decimal,
  DecimalError,
  type DecimalErrorCode,
  formatDecimal,
  type InvalidDecimalReason,
  negate,
  one,
  parseDecimal,
  parseSum,
  zero,
} from './decimal.ts';
export {
  checkSegments,
  createHierarchy,
  type Hierarchy,
  HierarchyError,
  type InvalidSegmentReason,
  messageCountName,
  type SegmentCheck,
  type Segments,
} from './hierarchy.ts';
export type { JsonKind } from './json-members.ts';
export {
  type ExactJson,
  ExactJsonError,
  type ExactJsonErrorCode,
  parseJsonExact,
} from './parse-json-exact.ts';
export { contributionOfChange, type Leaf, rollUp } from './roll-up.ts';
export type { InvalidTradeReason, TradeResult } from './trade/check-trade.ts';
export { parseTrade } from './trade/parse-trade.ts';
export { contributionOfTradeChange, isSamePayload, type Trade } from './trade/trade.ts';
export {
  type PartialStateImage,
  type StateImage,
  stateImageOf,
  tradeFromImage,
  tradeToItem,
} from './trade/trade-item.ts';
export { utf8Length } from './utf8.ts';
