export type { CapacityUnits } from './capacity-units.ts';
export type { EngineReply, FaultDecision, FaultPlan, ProxiedRequest } from './fault-plan.ts';
export { type FaultProxy, type FaultProxyOptions, startFaultProxy } from './fault-proxy.ts';
export { FaultProxyError } from './fault-proxy-error.ts';
export {
  internalServerError,
  type Rejection,
  throttlingException,
  transactionConflict,
} from './rejections.ts';
export type { RequestFigures } from './request-meter.ts';
export { createTokenWindow, TOKEN_WINDOW_MS, type TokenWindow } from './token-window.ts';
