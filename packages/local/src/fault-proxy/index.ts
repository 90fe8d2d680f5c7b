export type { EngineReply, FaultDecision, FaultPlan, ProxiedRequest } from './fault-plan.ts';
export { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
export { internalServerError, throttlingException, transactionConflict } from './rejections.ts';
export type { RequestFigures } from './request-meter.ts';
export { TOKEN_WINDOW_MS } from './token-window.ts';
