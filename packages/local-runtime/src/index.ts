export { POLLING } from './application/mapping-pollers.ts';
export { runApplication } from './application/run-application.ts';
export type { ApplicationFaults, RunningApplication } from './application/running-application.ts';
export type { RuntimeEvent } from './application/runtime-event.ts';
export { createTable } from './deployment/create-table.ts';
export { deploy } from './deployment/deploy.ts';
export type { EngineAccess } from './deployment/engine-access.ts';
export {
  addFaults,
  type FaultSettings,
  FaultSettingsError,
  faultKinds,
  readFaults,
} from './fault-injection/fault-settings.ts';
export type { InjectedFault, InjectedFaults } from './fault-injection/injected-fault.ts';
export type { EngineReply, FaultDecision, FaultPlan, ProxiedRequest } from './fault-proxy/fault-plan.ts';
export { type FaultProxy, startFaultProxy } from './fault-proxy/fault-proxy.ts';
export { internalServerError, throttlingException, transactionConflict } from './fault-proxy/rejections.ts';
export type { RequestFigures } from './fault-proxy/request-meter.ts';
export { askCpuSeconds } from './functions/cpu-seconds.ts';
export { createFunctionEnvironment, functionArn } from './functions/function-environment.ts';
export { type FunctionProcess, startFunctionProcess } from './functions/function-process.ts';
export type { InvocationResult } from './functions/invocation.ts';
export { parseAnswer } from './functions/parse-answer.ts';
export type { RuntimeClientChoice } from './functions/runtime-interface-client.ts';
export { startLoopbackServer } from './http/loopback-server.ts';
export { readBody } from './http/read-body.ts';
export { type ApplicationRecord, createApplicationRecord } from './observed/application-record.ts';
export { waitUntilIdle } from './observed/wait-until-idle.ts';
export { createSeededDraw, type SeededDraw, shuffled } from './random/seeded-draw.ts';
export { findBundle } from './start/find-bundle.ts';
export {
  type StartApplicationOptions,
  type StartedApplication,
  startApplication,
} from './start/start-application.ts';
export { StartError } from './start/start-error.ts';
export { startFaults } from './start/start-faults.ts';
export type { Backlog } from './streams/backlog.ts';
export { createDynamoDbSource } from './streams/dynamodb-source.ts';
export { createKinesisSource } from './streams/kinesis-source.ts';
export type { InvocationIdentity } from './streams/mapping-event.ts';
export { type PollingOptions, ShardPace } from './streams/shard-pace.ts';
export { createStreamRequests, type StreamRequests } from './streams/stream-requests.ts';
export type { StreamSource } from './streams/stream-source.ts';
