import type { FunctionResource } from '@oncefold/sam-template';
import { nodeMajorOf } from '../functions/node/lambda-packages.ts';
import { nodeArguments } from '../functions/node/node-arguments.ts';
import {
  findRuntimeInterfaceClient,
  type RuntimeClientChoice,
  RuntimeClientMissingError,
} from '../functions/runtime-interface-client.ts';
import { StartError } from './start-error.ts';

/** Chooses what runs the handlers of functions. */
export function chooseRuntimeClient(
  choice: RuntimeClientChoice,
  directory: string,
): (resource: FunctionResource, taskRoot: string) => readonly string[] | undefined {
  const program = find(choice, directory);
  return ({ handler, memorySize, runtime, environment }, taskRoot) => {
    // The client that is published today is that of Node.js 24: it refuses what earlier runtimes run.
    if (program === undefined || (choice === 'auto' && nodeMajorOf(runtime) < 24)) {
      return undefined;
    }
    const options = { memorySize, runtime, taskRoot, nodeOptions: environment['NODE_OPTIONS'] };
    return [process.execPath, ...nodeArguments(options), program, handler];
  };
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
