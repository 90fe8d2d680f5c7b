export { endRecount, type RecountControl, readControl } from './control.ts';
export { RecountRefusedError, RecountStalledError, RecountSupersededError } from './errors.ts';
export { markTrades, type Pass, type TradesToMark } from './mark-trades.ts';
export type { Measurement, RecountedNode } from './measure.ts';
export {
  defaultLimits,
  type RecountLimits,
  type RecountOptions,
  type RecountPipeline,
  type RecountProgress,
  type RecountTables,
} from './recount-options.ts';
export { type RecountResult, recountTrades } from './recount-trades.ts';
