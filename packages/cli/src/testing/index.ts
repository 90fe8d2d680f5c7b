export {
  ApplicationFailedError,
  type Faults,
  NotIdleError,
  type ObservedDestinationDocument,
  type ObservedError,
  type ObservedInvocation,
  type ObservedLogLine,
  ShardBlockedError,
  StartError,
  StoppedError,
} from '@oncefold/local-runtime/published-types';
export { FunctionFailedError, UnknownFunctionError } from './function-failed-error.ts';
export { startApplication } from './start-application.ts';
export { type SharedDynamoDb, startDynamoDb } from './start-dynamodb.ts';
export type {
  ApplicationOptions,
  ClientConfig,
  InjectedFaultsSummary,
  ServiceName,
  TestApplication,
  WaitOptions,
} from './testing-types.ts';
