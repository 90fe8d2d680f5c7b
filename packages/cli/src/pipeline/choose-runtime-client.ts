import {
  findRuntimeInterfaceClient,
  heapLimit,
  type RuntimeClientChoice,
  RuntimeClientMissingError,
  runtimeSdk,
} from '@oncefold/local-runtime';
import type { FunctionResource } from '@oncefold/sam-template';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';

/** Chooses what runs the handlers of functions. */
export function chooseRuntimeClient(
  choice: RuntimeClientChoice,
  directory: string,
): (resource: FunctionResource) => readonly string[] | undefined {
  const program = find(choice, directory);
  return ({ handler, memorySize }) =>
    program === undefined
      ? undefined
      : [process.execPath, heapLimit(memorySize), '--import', runtimeSdk, program, handler];
}

function find(choice: RuntimeClientChoice, directory: string): string | undefined {
  try {
    return findRuntimeInterfaceClient(choice, [directory]);
  } catch (error) {
    if (!(error instanceof RuntimeClientMissingError)) {
      throw error;
    }
    throw new CouldNotRunError(`${error.message}; install it there, or leave --runtime-client out`, {
      cause: error,
    });
  }
}
