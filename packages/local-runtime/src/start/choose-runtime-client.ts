import type { FunctionResource } from '@oncefold/sam-template';
import {
  findRuntimeInterfaceClient,
  type RuntimeClientChoice,
  RuntimeClientMissingError,
} from '../functions/runtime-interface-client.ts';
import { heapLimit, runtimeSdk } from '../functions/runtime-program.ts';
import { StartError } from './start-error.ts';

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
    throw new StartError(error.message, { code: 'runtime-client-missing', cause: error });
  }
}
