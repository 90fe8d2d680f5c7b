export { createFunctionEnvironment, functionArn } from './function-environment.ts';
export {
  createFunctionPool,
  FunctionBrokenError,
  type FunctionPool,
  type FunctionPoolOptions,
  INIT_ATTEMPTS_MAX,
} from './function-pool.ts';
export { type RuntimeApi, type RuntimeApiEvents, startRuntimeApi } from './runtime-api.ts';
export {
  type Invocation,
  type InvocationFailureCause,
  type InvocationResult,
  PAYLOAD_BYTES_MAX,
} from './types.ts';
