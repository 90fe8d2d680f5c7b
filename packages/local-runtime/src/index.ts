export { startApplication } from './application.ts';
export { createTable } from './deploy/create-table.ts';
export { deploy } from './deploy/deploy.ts';
export { createFaultInjector } from './faults/fault-injector.ts';
export type { EngineReply, FaultDecision, FaultPlan, ProxiedRequest } from './faults/fault-plan.ts';
export { type FaultProxy, startFaultProxy } from './faults/fault-proxy.ts';
export { addFaults, type FaultSettings, FaultSettingsError, faultKinds } from './faults/fault-settings.ts';
export type { InjectedFault, InjectedFaults } from './faults/injected-fault.ts';
export { internalServerError, throttlingException, transactionConflict } from './faults/rejections.ts';
export type { RequestFigures } from './faults/request-meter.ts';
export { createSeededDraw, type SeededDraw, shuffled } from './faults/seeded-draw.ts';
export { askCpuSeconds } from './functions/cpu-seconds.ts';
export { createFunctionEnvironment, functionArn } from './functions/function-environment.ts';
export {
  type FunctionProcess,
  heapLimit,
  runtimeSdk,
  startFunctionProcess,
} from './functions/function-process.ts';
export {
  findRuntimeInterfaceClient,
  type RuntimeClientChoice,
  RuntimeClientMissingError,
} from './functions/runtime-interface-client.ts';
export type { InvocationResult } from './functions/types.ts';
export type {
  ApplicationFaults,
  EngineAccess,
  FunctionBundle,
  RunningApplication,
} from './running-application.ts';
export type { InvocationIdentity, RuntimeEvent } from './runtime-event.ts';
export { createDynamoDbSource } from './streams/dynamodb-source.ts';
