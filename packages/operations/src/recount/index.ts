export { findUnappliedRows, isLostRow, type UnappliedRow, type UnappliedRows } from './await-rows.ts';
export { endRecount, type RecountControl, readControl } from './control.ts';
export { RecountRefusedError, RecountStalledError, RecountSupersededError } from './errors.ts';
export { markTrades, type Pass, sealMarksOf, type TradesToMark } from './mark-trades.ts';
export { foreignTest, type Measurement, type RecountedNode } from './measure.ts';
export { defaultPosts, removePosts } from './posts.ts';
export {
  defaultLimits,
  type RecountLimits,
  type RecountOptions,
  type RecountPipeline,
  type RecountProgress,
  type RecountTables,
} from './recount-options.ts';
export { type RecountResult, recountTrades } from './recount-trades.ts';
export { ROW_KEYS_MAX } from './repair.ts';
