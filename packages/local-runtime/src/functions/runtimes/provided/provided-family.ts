import { join } from 'node:path';
import type { FunctionResource } from '@oncefold/sam-template';
import { type CodeFolders, codeFolders, isFile, refuseArchive } from '../code-folders.ts';
import { FunctionCodeError } from '../function-code-error.ts';
import type { RunnableFunction, RuntimeContext, RuntimeFamily } from '../runtime-family.ts';
import { checkBootstrap } from './check-bootstrap.ts';

const RUNTIMES = new Set(['provided', 'provided.al2', 'provided.al2023']);
/** A file that tells how sources are built, and the value of `BuildMethod` that does it. */
const BUILD_METHODS = [
  ['go.mod', 'go1.x'],
  ['Cargo.toml', 'rust-cargolambda'],
  ['Makefile', 'makefile'],
] as const;

/** Runs programs that speak the Runtime API themselves, as those in Go and Rust do: the file `bootstrap` of their code. */
export function createProvidedFamily(context: RuntimeContext): RuntimeFamily {
  async function prepare(resource: FunctionResource): Promise<RunnableFunction> {
    const folders = codeFolders(resource, context.templateDirectory);
    refuseArchive(resource, folders);
    const directory = [folders.built, folders.source].find((folder) => isFile(join(folder, 'bootstrap')));
    if (directory === undefined) {
      throw new FunctionCodeError(notBuilt(resource, folders));
    }
    const bootstrap = join(directory, 'bootstrap');
    const obstacle = checkBootstrap(bootstrap);
    if (obstacle !== undefined) {
      throw new FunctionCodeError(`${bootstrap} of ${resource.logicalId} cannot run here: ${obstacle}`);
    }
    return { directory, program: { command: [bootstrap], environment: {} } };
  }

  return { includes: (runtime) => RUNTIMES.has(runtime), prepare };
}

function notBuilt({ logicalId, runtime }: FunctionResource, { built, source }: CodeFolders): string {
  const where = `a function of the runtime ${runtime} is a program named bootstrap, and ${logicalId} has none in ${built} or ${source}`;
  const method = BUILD_METHODS.find(([file]) => isFile(join(source, file)));
  return method === undefined
    ? `${where}; run \`sam build\`, or put the program there`
    : `${where}; run \`sam build\` (the function needs Metadata with BuildMethod: ${method[1]})`;
}
