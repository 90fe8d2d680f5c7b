export { createWorkload } from './create-workload.ts';
export { createDimensions, labDimensions, namedDimensions } from './dimensions.ts';
export { type Bounds, type Truth, truthOf } from './truth-of.ts';
export {
  type InvalidMessage,
  type TradeClaim,
  type TradeMessage,
  type TradeMessageKind,
  type Workload,
  type WorkloadCall,
  type WorkloadDimension,
  WorkloadError,
  type WorkloadMessage,
  type WorkloadOptions,
} from './types.ts';
