export { createFunctionEnvironment, functionArn } from './function-environment.ts';
export {
  createFunctionPool,
  type DispatchedProcess,
  type FunctionPool,
  type FunctionPoolOptions,
  INIT_ATTEMPTS_MAX,
} from './function-pool.ts';
export { heapLimit, runtimeSdk } from './function-process.ts';
export {
  findRuntimeInterfaceClient,
  type RuntimeClientChoice,
  RuntimeClientMissingError,
} from './runtime-interface-client.ts';
export {
  type Invocation,
  type InvocationResult,
  PAYLOAD_BYTES_MAX,
} from './types.ts';
export { type BundleWatch, watchBundle } from './watch-bundle.ts';
